-- A decision has the id of the request that made it: whoever has not heard the answer may ask again, and is not
-- told that somebody else was faster.
alter table approvals add column decision_id uuid;
