alter table documents drop column note;
