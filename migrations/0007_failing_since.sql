-- Since when every call of a connection has failed, for connectors that give up after some days of it; null when the last
-- look found one that succeeded, and for all other connectors.

alter table connections add column failing_since timestamptz;
