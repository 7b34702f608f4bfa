import { Client } from "pg";
import type { KvPlace } from "#/local/move/forget-kept.ts";
import type { TestDatabase } from "#/tests/support/database.ts";

const TABLES = `
  select c.oid::regclass::text as name
  from pg_class c
  where c.relnamespace::regnamespace::text in ('public', 'app', 'storage')
    and c.relkind in ('r', 'p')
    and not c.relispartition
  order by 1`;

/** Lists the tables of a database with a row that has one of these words in any of its columns. */
export async function listTablesWith(
  { ownerUrl }: TestDatabase,
  words: readonly string[],
): Promise<readonly string[]> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const found: string[] = [];
    for (const { name } of (await client.query<{ name: string }>(TABLES)).rows) {
      const rows = `select from ${name} t where exists (select from unnest($1::text[]) w where strpos(t::text, w) > 0) limit 1`;
      if ((await client.query(rows, [words])).rowCount) found.push(name);
    }
    return found;
  } finally {
    await client.end();
  }
}

/** How the value of each kind of key is read. */
const READ: Readonly<Record<string, (key: string) => readonly string[]>> = {
  string: (key) => ["GET", key],
  hash: (key) => ["HGETALL", key],
  stream: (key) => ["XRANGE", key, "-", "+"],
  zset: (key) => ["ZRANGE", key, "0", "-1"],
};

/** Lists the keys of a KV that have one of these words in their name or in their value. */
export async function listKeys(kv: KvPlace, words: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const key of (await ask(kv, ["KEYS", "*"])) as readonly string[]) {
    const type = String(await ask(kv, ["TYPE", key]));
    // Its time was over since.
    if (type === "none") continue;
    const read = READ[type];
    if (!read) throw new Error(`Nobody has said how ${key} is read.`);
    const text = `${key} ${JSON.stringify(await ask(kv, read(key)))}`;
    if (words.some((word) => text.includes(word))) found.push(key);
  }
  return found;
}

async function ask({ url, token }: KvPlace, command: readonly string[]): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(command) });
  return ((await answer.json()) as { readonly result?: unknown }).result;
}
