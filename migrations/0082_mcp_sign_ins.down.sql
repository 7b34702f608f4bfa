-- Empty, as they were for every sign-in since 0071; the way back from there fills them from sign_ins.
alter table mcp_servers
  add column tokens_sealed text check (length(tokens_sealed) <= 262144),
  add column tokens_revision integer not null default 0,
  add column begun_hash text,
  add column begun_sealed text check (length(begun_sealed) <= 65536),
  add column begun_until timestamptz,
  add check ((begun_hash is null) = (begun_sealed is null) and (begun_hash is null) = (begun_until is null));
