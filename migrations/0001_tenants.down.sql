drop table clerk_deliveries, audit_log, api_keys, members, workspaces, users;
drop schema app cascade;
revoke usage on schema public from app_runtime, app_tenant, app_system;
-- The roles stay: other databases of the cluster may use them.
