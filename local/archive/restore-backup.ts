import { readdirSync } from "node:fs";
import path from "node:path";
import type { Client } from "pg";
import * as v from "valibot";
import { readArchive } from "#/local/archive/archive-file.ts";
import { About, ENTRIES, Manifest, Rows, Tally, Vectors } from "#/local/archive/format.ts";
import { fingerprint, unsealFiles } from "#/local/archive/keys.ts";
import { beginLoad, finishLoad, insertionInto, refuseFilledDatabase } from "#/local/archive/load.ts";
import type { Entry } from "#/local/archive/tar.ts";
import type { VectorStore } from "#/local/archive/vectors.ts";

/** A backup whose beginning was read: what it is, and its files. The rest is read once, by `restore`. */
export interface OpenBackup {
  readonly about: About;
  readonly files: Readonly<Record<string, string>>;
  readonly rest: AsyncGenerator<Entry>;
}

/** Reads the beginning of a backup. @throws when it is none, was made by a newer version, or the passphrase is wrong */
export async function openBackup(file: string, passphrase: string): Promise<OpenBackup> {
  const rest = readArchive(file);
  const about = v.safeParse(About, await readJson(rest, ENTRIES.about));
  if (!about.success) throw new Error(`${file} is no backup that this version of Cairn can read.`);
  refuseNewerSchema(about.output);
  const sealed = await rest.next();
  if (sealed.done === true || sealed.value.name !== ENTRIES.keys) throw new Error(`${file} has no keys.`);
  return { about: about.output, files: unsealFiles(sealed.value.bytes, passphrase), rest };
}

async function readJson(entries: AsyncGenerator<Entry>, name: string): Promise<unknown> {
  const entry = await entries.next();
  return entry.done !== true && entry.value.name === name ? toJson(entry.value) : undefined;
}

const toJson = ({ bytes }: Entry): unknown => JSON.parse(bytes.toString("utf8"));

function refuseNewerSchema({ migrations }: About): void {
  const known = new Set(
    readdirSync(path.resolve(import.meta.dirname, "../../migrations")).map((file) =>
      file.replace(".up.sql", ""),
    ),
  );
  const unknown = migrations.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new Error(
    `The backup was made by a newer version of Cairn: its database has ${unknown}, which this version does not know. Restore it with that version or a later one.`,
  );
}

export interface RestoreTarget {
  /** Connected as the owner; nothing else uses it. */
  readonly database: Client;
  readonly vectors: VectorStore;
  /** The key that the restored deployment opens secrets with. */
  readonly sealingKey: string;
}

/**
 * Puts vectors back, then the database in one transaction that is committed when all of the archive was read and every count and hash is right.
 * Whatever ends it before leaves an empty database, and vectors that the next try writes again.
 */
export async function restoreBackup({ about, rest }: OpenBackup, target: RestoreTarget): Promise<Manifest> {
  if (about.sealedWith !== fingerprint(target.sealingKey))
    throw new Error(
      "SECRETS_KEY is not the one that the secrets of this backup are sealed with. Set it to that one, or leave it out to use the one in the backup.",
    );
  await refuseFilledDatabase(target.database);
  if (about.vectorIndex) await target.vectors.create(about.vectorIndex);
  const keys = await beginLoad(target.database, about);
  const load = new Load(about, target);
  for await (const entry of rest) {
    if (entry.name !== ENTRIES.manifest) await load.put(entry);
    else {
      const manifest = v.parse(Manifest, toJson(entry));
      load.compareWith(manifest);
      await finishLoad(target.database, about, keys);
      return manifest;
    }
  }
  throw new Error("The backup ends too early: it has no list of what it holds. Nothing was restored.");
}

/** What is put back, piece by piece, with what came of each part. */
class Load {
  readonly #target: RestoreTarget;
  readonly #vectors = new Tally();
  readonly #tables: ReadonlyMap<string, Tally>;
  readonly #insertions = new Map<string, string>();

  constructor({ tables }: About, target: RestoreTarget) {
    this.#target = target;
    this.#tables = new Map(tables.map((table) => [table, new Tally()]));
  }

  async put(entry: Entry): Promise<void> {
    if (entry.name.startsWith(ENTRIES.vectors)) await this.#putVectors(entry);
    else await this.#putRows(entry);
  }

  async #putVectors(entry: Entry): Promise<void> {
    const page = v.parse(Vectors, toJson(entry));
    await this.#target.vectors.write(page);
    this.#vectors.add(entry.bytes, page.records.length);
    // The embedded database ends a transaction that is not used for half a minute.
    await this.#target.database.query("select 1");
  }

  async #putRows(entry: Entry): Promise<void> {
    const [, table = ""] = /^tables\/(.+)\/\d+\.json$/.exec(entry.name) ?? [];
    const tally = this.#tables.get(table);
    if (!tally) throw new Error(`The backup is damaged: nothing is known of ${entry.name}.`);
    const insertion = this.#insertions.get(table) ?? (await insertionInto(this.#target.database, table));
    this.#insertions.set(table, insertion);
    const rows = v.parse(Rows, toJson(entry));
    await this.#target.database.query(insertion, [rows]);
    tally.add(entry.bytes, rows.length);
  }

  compareWith({ tables, vectors }: Manifest): void {
    const parts = [...this.#tables, ["vectors", this.#vectors] as const];
    for (const [name, tally] of parts) {
      const { count, sha256 } = tally.total();
      const written = name === "vectors" ? vectors : tables[name];
      if (written?.count === count && written.sha256 === sha256) continue;
      throw new Error(`The backup is damaged: ${name} is not what was written. Nothing was restored.`);
    }
  }
}
