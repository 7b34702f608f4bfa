import type { Client } from "pg";
import type { Place } from "#/local/move/place.ts";
import type { MovedTable } from "#/local/move/tables.ts";

/** Finds a workspace by its id, its organization or its slug. @throws when there is none, or several have the slug */
export async function findWorkspace(client: Client, named: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    "select id from workspaces where $1 in (id::text, clerk_org_id, slug)",
    [named],
  );
  const [only, ...others] = rows;
  if (!only) throw new Error(`The source has no workspace “${named}”. Name it by its id or slug.`);
  if (others.length > 0)
    throw new Error(
      `Several workspaces have the slug “${named}”. Name one by its id: ${rows.map(({ id }) => id).join(", ")}.`,
    );
  return only.id;
}

/** @throws unless both databases have the same schema, and vectors of one are of use in the other */
export async function refuseUnlike(from: Place, to: Place, tables: readonly MovedTable[]): Promise<void> {
  const [source, target] = [await readMigrations(from.database), await readMigrations(to.database)];
  if (source.join() !== target.join())
    throw new Error(
      `The two databases have different schemas: the source's last migration is ${source.at(-1)}, the target's ${target.at(-1)}. Bring both deployments to the same version first.`,
    );
  const names = [...tables.map(({ name }) => name), "users", "workspaces"];
  const [ours, theirs] = [await readColumns(from.database, names), await readColumns(to.database, names)];
  const unlike = names.find((name) => ours.get(name) !== theirs.get(name));
  if (unlike !== undefined) throw new Error(`The table ${unlike} has other columns in the two databases.`);
  if (from.embedding !== to.embedding)
    throw new Error(
      `The two deployments embed differently (${from.embedding} and ${to.embedding}), so what is found there would be wrong. Set EMBEDDING_MODEL and EMBEDDING_DIMENSIONS alike.`,
    );
}

/** @throws unless people sign in with the same instance of the identity provider in both: ids of people and of the workspace are made of its own */
export function refuseOtherSignIn(from: Place, to: Place): void {
  if (from.signIn === to.signIn) return;
  throw new Error(
    `People sign in with different instances of the identity provider at ${from.url} and ${to.url} (CLERK_JWT_KEY differs), so nobody of the workspace could sign in there. Give the target the Clerk variables of the source's instance. To move it all the same, for API keys, webhooks and schedules alone, add --without-people.`,
  );
}

async function readMigrations(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>("select name from kysely_migration order by name");
  return rows.map(({ name }) => name);
}

async function readColumns(client: Client, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; columns: string }>(
    `select c.relname as name, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relname = any ($1) group by 1`,
    [names],
  );
  return new Map(rows.map(({ name, columns }) => [name, columns]));
}

/** @throws when the target has the workspace: anything beyond its people, whom the identity provider tells every deployment of */
export async function refuseFilledTarget(
  client: Client,
  workspaceId: string,
  tables: readonly MovedTable[],
): Promise<void> {
  for (const { name } of tables) {
    if (name === "members") continue;
    const { rowCount } = await client.query(`select from ${name} where workspace_id = $1 limit 1`, [
      workspaceId,
    ]);
    if (rowCount === 0) continue;
    throw new Error(
      `The target has this workspace already (its table ${name} has rows of it), and a move overwrites nothing.`,
    );
  }
}
