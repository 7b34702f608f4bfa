import { Client } from "pg";

/** Looks behind the scenes, past row-level security. */
export async function readRows(
  ownerUrl: string,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const { rows } = await owner.query<Record<string, unknown>>(statement, [...parameters]);
    return rows;
  } finally {
    await owner.end();
  }
}
