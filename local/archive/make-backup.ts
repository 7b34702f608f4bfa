import type { Client } from "pg";
import { writeArchive } from "#/local/archive/archive-file.ts";
import { type About, ENTRIES, type Manifest, Tally } from "#/local/archive/format.ts";
import { fingerprint, sealFiles } from "#/local/archive/keys.ts";
import { openSnapshot, readRows } from "#/local/archive/snapshot.ts";
import type { Entry } from "#/local/archive/tar.ts";
import type { VectorStore } from "#/local/archive/vectors.ts";

export interface BackupSource {
  /** Connected as the owner; nothing else uses it. */
  readonly database: Client;
  readonly vectors: VectorStore;
  /** Keys and people, by the names of their files. */
  readonly files: Readonly<Record<string, string>>;
  /** The key that secrets in the database are sealed with. */
  readonly sealingKey: string;
  readonly passphrase: string;
}

/** Writes everything into one file, a piece at a time. @returns counts and hashes, which are the archive's last entry too */
export async function makeBackup(file: string, source: BackupSource): Promise<Manifest> {
  let manifest: Manifest = { tables: {}, vectors: new Tally().total() };
  await writeArchive(
    file,
    listEntries(source, (done) => (manifest = done)),
  );
  return manifest;
}

async function* listEntries(
  source: BackupSource,
  finish: (manifest: Manifest) => void,
): AsyncGenerator<Entry> {
  const { database, vectors, files, sealingKey, passphrase } = source;
  const schema = await openSnapshot(database);
  const about: About = {
    format: "cairn-backup/1",
    madeAt: new Date().toISOString(),
    ...schema,
    sealedWith: fingerprint(sealingKey),
    vectorIndex: await vectors.describe(),
  };
  yield toEntry(ENTRIES.about, about);
  yield { name: ENTRIES.keys, bytes: sealFiles(files, passphrase) };
  const vectorTally = new Tally();
  if (about.vectorIndex) yield* listVectors(source, vectorTally);
  const tallies = new Map(schema.tables.map((table) => [table, new Tally()]));
  for (const [table, tally] of tallies) yield* listTable(database, { table, tally });
  await database.query("commit");
  const manifest = {
    tables: Object.fromEntries([...tallies].map(([table, tally]) => [table, tally.total()])),
    vectors: vectorTally.total(),
  };
  finish(manifest);
  yield toEntry(ENTRIES.manifest, manifest);
}

async function* listVectors({ vectors, database }: BackupSource, tally: Tally): AsyncGenerator<Entry> {
  for await (const page of vectors.read()) {
    yield toPiece({ folder: ENTRIES.vectors, content: page, count: page.records.length }, tally);
    // The embedded database ends a transaction that is not used for half a minute.
    await database.query("select 1");
  }
}

async function* listTable(
  database: Client,
  { table, tally }: { readonly table: string; readonly tally: Tally },
): AsyncGenerator<Entry> {
  for await (const rows of readRows(database, table))
    yield toPiece({ folder: `${ENTRIES.tables}${table}/`, content: rows, count: rows.length }, tally);
}

function toEntry(name: string, content: unknown): Entry {
  return { name, bytes: Buffer.from(JSON.stringify(content)) };
}

function toPiece(
  { folder, content, count }: { readonly folder: string; readonly content: unknown; readonly count: number },
  tally: Tally,
): Entry {
  const piece = toEntry(`${folder}${String(tally.pieces + 1).padStart(8, "0")}.json`, content);
  tally.add(piece.bytes, count);
  return piece;
}
