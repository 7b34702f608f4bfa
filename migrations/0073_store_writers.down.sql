alter table store drop column writer;
