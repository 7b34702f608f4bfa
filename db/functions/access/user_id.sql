-- The user of this transaction, null where no person acts.
create or replace function app.user_id()
returns uuid
language sql stable parallel safe
as $$
select nullif(current_setting('app.user_id', true), '')::uuid;
$$;
