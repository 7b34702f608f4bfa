drop table skills;
