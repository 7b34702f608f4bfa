import { existsSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";
import { placeCluster } from "#/local/cluster/cluster.ts";
import { openEngine } from "#/local/cluster/open-engine.ts";
import type { Bind } from "#/local/pinecone/filter.ts";

export type Row = Readonly<Record<string, unknown>>;

/** The one PostgreSQL with pgvector behind the façade. Reads and writes are serialized by PGlite. */
export interface Database {
  query: (sql: string, parameters?: readonly unknown[]) => Promise<readonly Row[]>;
  script: (sql: string) => Promise<void>;
  close: () => Promise<void>;
}

const SCHEMA = `
  CREATE EXTENSION IF NOT EXISTS vector;
  CREATE SCHEMA IF NOT EXISTS pinecone;
  CREATE TABLE IF NOT EXISTS pinecone.indexes (
    name text PRIMARY KEY,
    dimension int NOT NULL,
    metric text NOT NULL,
    field text NOT NULL,
    settings jsonb NOT NULL
  );
  CREATE TABLE IF NOT EXISTS pinecone.namespaces (
    index_name text NOT NULL REFERENCES pinecone.indexes ON DELETE CASCADE,
    name text NOT NULL,
    PRIMARY KEY (index_name, name)
  );`;

/**
 * The database in `dataDir`, or in memory without one. It is opened by the first query: that takes 2 s of CPU, and many starts never search.
 * A query that cannot open it fails with the reason, and the next one tries again.
 */
export function openWhenNeeded(dataDir: string | undefined): Database {
  let opening: Promise<PGlite> | undefined;
  const postgres = () => {
    opening ??= open(dataDir).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    query: async (sql, parameters = []) => (await (await postgres()).query<Row>(sql, [...parameters])).rows,
    script: async (sql) => void (await (await postgres()).exec(sql)),
    close: async () => {
      const opened = await opening?.catch(() => undefined);
      await opened?.close();
    },
  };
}

async function open(dataDir: string | undefined): Promise<PGlite> {
  const { vector } = await import("@electric-sql/pglite-pgvector");
  if (dataDir !== undefined && !existsSync(dataDir)) placeCluster(dataDir);
  const postgres = await openEngine({
    ...(dataDir === undefined ? {} : { dataDir }),
    extensions: { vector },
  });
  await postgres.exec(SCHEMA);
  return postgres;
}

/** Collects the parameters of one statement while its text is written. */
export function collectParameters(...first: readonly unknown[]): {
  readonly values: unknown[];
  readonly bind: Bind;
} {
  const values = [...first];
  return { values, bind: (value) => `$${values.push(value)}` };
}
