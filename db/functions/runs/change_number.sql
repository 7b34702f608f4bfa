-- Returns the whole number of the transaction that has written a row, of its 32 bits that the row keeps: the
-- newest that has them. A row that is older than the last 2^32 transactions seems newer than it is: who
-- follows changes is told of it again, and misses nothing.
create or replace function app.change_number(p_row xid)
returns bigint
language sql stable parallel safe
as $$
select n.next - mod(n.next - p_row::text::bigint, 4294967296)
from (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint) as n (next);
$$;
