drop table store;
drop table tool_settings;
drop table tools;
