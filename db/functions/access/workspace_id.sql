-- The workspace of this transaction, null outside of one. Policies call it in a scalar sub-select, so that it
-- is computed once a statement. After COMMIT a custom setting is '' and not NULL, hence nullif.
create or replace function app.workspace_id()
returns uuid
language sql stable parallel safe
as $$
select nullif(current_setting('app.workspace_id', true), '')::uuid;
$$;
