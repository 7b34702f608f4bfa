-- The address of the document that a tool was imported from, for whoever reads it again.
alter table tools add column imported_from text check (length(imported_from) <= 2000);
