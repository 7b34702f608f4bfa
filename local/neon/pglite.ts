import { existsSync, renameSync, rmdirSync, rmSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";
import { lockDataDirectory } from "#/local/neon/data-lock.ts";
import { placeCluster } from "#/local/cluster/cluster.ts";
import { openEngine } from "#/local/cluster/open-engine.ts";
import { DATABASE, ownershipStatements } from "#/local/neon/roles.ts";

export interface EmbeddedEngine {
  /** Opens the engine on the directory: the first time, and again after it has crashed. */
  readonly open: () => Promise<PGlite>;
  readonly release: () => void;
}

/**
 * PGlite on a directory that nobody else has open, with the database and its owner in place.
 * Survives the death of the process; it never calls fsync, so not the loss of power.
 */
export async function embeddedEngine(dataDir: string, ownerPassword: string): Promise<EmbeddedEngine> {
  const release = lockDataDirectory(dataDir);
  try {
    if (!existsSync(`${dataDir}/PG_VERSION`)) await createDatabase(dataDir, ownerPassword);
  } catch (error) {
    release();
    throw error;
  }
  return { open: () => openEngine({ dataDir, database: DATABASE }), release };
}

/** The engine is bound to one database for life, so ours is made first and opened afterwards. Built beside its place: a half-made one is never opened. */
async function createDatabase(dataDir: string, ownerPassword: string): Promise<void> {
  const draft = `${dataDir}.new`;
  rmSync(draft, { recursive: true, force: true });
  placeCluster(draft);
  const engine = await openEngine({ dataDir: draft });
  for (const statement of ownershipStatements({ owner: false, database: false }, ownerPassword))
    await engine.exec(statement);
  await engine.close();
  if (existsSync(dataDir)) rmdirSync(dataDir);
  renameSync(draft, dataDir);
}
