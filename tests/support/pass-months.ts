import { Client } from "pg";

/** As if so many months had passed: what is stored, and the partitions it lies in, are moved back in time. */
export async function passMonths(ownerUrl: string, months: number): Promise<void> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const { rows: partitions } = await owner.query<{ parent: string; name: string; day: string }>(
      `select p.relname as parent, c.relname as name, (to_date(right(c.relname, 7), 'YYYY_MM') - $1 * interval '1 month')::date::text as day
       from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
       where c.relnamespace = 'storage'::regnamespace and c.relkind = 'r' and c.relname ~ '_\\d{4}_\\d{2}$' order by c.relname`,
      [months],
    );
    await owner.query("begin");
    for (const { parent, name } of partitions)
      await owner.query(`alter table ${parent} detach partition storage.${name}`);
    for (const { parent, name, day } of partitions) {
      const moved = `${parent}_${day.slice(0, 7).replace("-", "_")}`;
      await owner.query(`update storage.${name} set expires_on = '${day}'`);
      await owner.query(`alter table storage.${name} rename to ${moved}`);
      await owner.query(
        `alter table ${parent} attach partition storage.${moved} for values from ('${day}') to (date '${day}' + interval '1 month')`,
      );
    }
    const back = (columns: readonly string[]) =>
      columns.map((column) => `${column} = ${column} - ${months} * interval '1 month'`).join(", ");
    await owner.query(
      `update agent_sessions set ${back(["expires_on", "logs_expire_on", "checkpoints_expire_on", "created_at", "finished_at"])}`,
    );
    await owner.query("update storage.upkeep set done_on = '-infinity'");
    await owner.query("commit");
  } finally {
    await owner.end();
  }
}
