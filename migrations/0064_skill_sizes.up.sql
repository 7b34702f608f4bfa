-- Lists say how large a skill is without reading its texts.
alter table skills
  add column size_bytes integer not null generated always as (octet_length(files::text)) stored;
