-- A key that was to end by itself must not become one that never does.
alter table api_keys no force row level security;
update api_keys set revoked_at = coalesce(revoked_at, now()) where expires_at is not null;
alter table api_keys force row level security;
alter table api_keys drop column expires_at;
