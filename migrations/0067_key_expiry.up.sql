-- A key may end by itself. Null: it is valid until somebody revokes it.
alter table api_keys add column expires_at timestamptz;
grant select (expires_at) on api_keys to app_system;
