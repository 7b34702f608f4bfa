alter table workflows drop column draft_check;
