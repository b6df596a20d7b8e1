-- Statistics of workspaces mislead: to the planner, a workspace that they do not know yet holds no rows, so that any index
-- that begins with the workspace looks as good as the right one. An append then read every event of its workspace for each
-- new message: 100 events per second where 15,000 were usual (2026-11). Without statistics it reckons with a part of the
-- table, and takes the index that narrows further. Day partitions get
-- the same when they are made (src/store/queries/partitions.ts).

alter table events alter column workspace_id set statistics 0;
alter table attempts alter column workspace_id set statistics 0;
alter table duplicates alter column workspace_id set statistics 0;
alter table rejected_events alter column workspace_id set statistics 0;
alter table dead_letters alter column workspace_id set statistics 0;
alter table parked alter column workspace_id set statistics 0;
