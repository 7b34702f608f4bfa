drop table remote_tasks;
