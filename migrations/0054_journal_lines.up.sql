-- A paid result on record carries the line of the log that its task would leave, so that it is booked even
-- where whoever paid for it has died and no commit follows. Null for results that were taken over.
alter table journal add column line jsonb;
