alter table secrets drop column hosts;
