-- The task that has written a value last: a write that is repeated after a crash finds that it was stored.
alter table store add column writer text check (length(writer) <= 500);
