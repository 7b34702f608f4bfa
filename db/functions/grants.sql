-- Who may call the functions. The product's roles may call all of schema app: what such a function sees is decided by
-- row-level security and by the role it takes. Storage belongs to the tick, which acts with the owner's rights there.
grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
revoke execute on all functions in schema storage from public;
grant execute on function storage.is_due(), storage.maintain(), storage.done() to app_system;
