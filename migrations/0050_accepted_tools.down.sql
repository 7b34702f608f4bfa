drop table accepted_tools;
