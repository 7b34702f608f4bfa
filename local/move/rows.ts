import type { Client } from "pg";
import { readPieces } from "#/local/archive/snapshot.ts";
import { type Fingerprint, FingerprintSum, sha256 } from "#/local/move/fingerprint.ts";
import type { Sealing } from "#/local/move/seal.ts";
import type { MovedTable } from "#/local/move/tables.ts";

/** A row as PostgreSQL writes a record down. What is sealed in it is open here, in memory. */
interface OpenRow {
  readonly text: string;
  readonly secrets: readonly { readonly sealed: string; readonly purpose: string; readonly open: string }[];
}

interface Reading {
  readonly client: Client;
  readonly workspaceId: string;
  readonly sealing: Sealing;
}

/** Reads a workspace's rows of a table in pieces, within the transaction that is open. @throws when something sealed cannot be opened */
export async function* readOpenRows(
  { client, workspaceId, sealing }: Reading,
  table: MovedTable,
): AsyncGenerator<readonly OpenRow[]> {
  const pieces = readPieces<Record<string, string | null> & { row: string }>(client, {
    text: selectRows(table),
    values: [workspaceId],
  });
  for await (const rows of pieces)
    yield rows.map((row) => ({
      text: row.row,
      secrets: table.sealed.flatMap(({ column }, index) => {
        const sealed = row[`sealed${index}`];
        const purpose = row[`purpose${index}`];
        if (typeof sealed !== "string" || typeof purpose !== "string") return [];
        return [
          { sealed, purpose, open: open(sealing, { sealed, purpose, place: `${table.name}.${column}` }) },
        ];
      }),
    }));
}

function selectRows({ name, sealed, order }: MovedTable): string {
  const columns = sealed.map(
    ({ column, purpose }, index) => `, t.${column} as sealed${index}, ${purpose} as purpose${index}`,
  );
  const sorted = order === undefined ? "" : ` order by ${order}`;
  return `select t::text as row${columns.join("")} from public.${name} t where t.workspace_id = $1${sorted}`;
}

interface Closed {
  readonly sealed: string;
  readonly purpose: string;
  readonly place: string;
}

function open(sealing: Sealing, { sealed, purpose, place }: Closed): string {
  try {
    return sealing.open(sealed, purpose);
  } catch (cause) {
    throw new Error(
      `What ${place} keeps for “${purpose}” cannot be opened with the SECRETS_KEY of its deployment. Give that key, or set the value anew or delete it in the app first.`,
      { cause },
    );
  }
}

/** Writes a row as another deployment keeps it: sealed with that one's key. */
export function sealRow({ text, secrets }: OpenRow, sealing: Sealing): string {
  return secrets.reduce(
    (row, { sealed, purpose, open: secret }) => row.replace(sealed, () => sealing.seal(secret, purpose)),
    text,
  );
}

/** Writes a row so that it is the same wherever it is kept: with the hash of what is sealed in it. */
export function describeRow({ text, secrets }: OpenRow): string {
  return secrets.reduce(
    (row, { sealed, purpose, open: secret }) => row.replace(sealed, () => sha256(`${purpose} ${secret}`)),
    text,
  );
}

/** Counts and sums up a workspace's rows of a table as they are in one of the deployments. @param afterPiece keeps the other deployment's transaction alive */
export async function fingerprintRows(
  reading: Reading,
  table: MovedTable,
  afterPiece: () => Promise<unknown>,
): Promise<Fingerprint> {
  const sum = new FingerprintSum();
  for await (const rows of readOpenRows(reading, table)) {
    for (const row of rows) sum.add(describeRow(row));
    await afterPiece();
  }
  return sum.total();
}
