-- A flow may begin at a connection too: at what its vendor tells, and at what happens to the connection itself. The
-- configuration is checked for the name before it is applied.

alter table flows drop constraint flows_source_known;
