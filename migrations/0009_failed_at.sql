-- When a call of a connection failed last, beside failing_since: failures that lie days apart are no failure that lasted
-- for days.

alter table connections add column failed_at timestamptz;
