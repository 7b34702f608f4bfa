alter table journal drop column line;
