alter table tools drop column imported_from;
