alter table skills drop column size_bytes;
