import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { VectorStore } from "#/local/archive/vectors.ts";
import { moveWorkspace, type MoveWishes } from "#/local/move/move-workspace.ts";
import type { KvPlace } from "#/local/move/forget-kept.ts";
import type { Place } from "#/local/move/place.ts";
import { sealingWith } from "#/local/move/seal.ts";
import { startPinecone } from "#/local/pinecone/serve.ts";
import { startRedis } from "#/local/redis/serve.ts";
import { type DatabaseEngine, startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";

/** A deployment as a move meets it: a database, a vector store, a KV, and a key of its own. */
export interface Region {
  readonly name: string;
  readonly database: TestDatabase;
  readonly secretsKey: string;
  readonly vectors: VectorStore;
  readonly kv: KvPlace;
  /** What the deployment's environment says of it. */
  readonly variables: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** One instance of Clerk for all regions. */
const SIGN_IN = "-----BEGIN PUBLIC KEY-----\\nMFkw\\n-----END PUBLIC KEY-----";

export async function startRegion(name: string, engine?: DatabaseEngine): Promise<Region> {
  const database = await startTestDatabase(engine);
  const apiKey = `key-${name}`;
  const store = await startPinecone({ port: 0, apiKey, dataDir: undefined });
  const redis = await startRedis({ port: 0, token: `kv-${name}` });
  const kv = { url: `http://127.0.0.1:${redis.port}`, token: `kv-${name}` };
  const controllerUrl = `http://127.0.0.1:${store.port}`;
  const secretsKey = randomBytes(32).toString("base64");
  return {
    name,
    database,
    secretsKey,
    vectors: new VectorStore({ apiKey, controllerUrl, index: "cairn" }),
    kv,
    variables: {
      APP_URL: `https://${name}.cairn.test`,
      CAIRN_REGION: name,
      DATABASE_URL_UNPOOLED: database.ownerUrl,
      SECRETS_KEY: secretsKey,
      PINECONE_API_KEY: apiKey,
      PINECONE_CONTROLLER_HOST: controllerUrl,
      KV_REST_API_URL: kv.url,
      KV_REST_API_TOKEN: kv.token,
      EMBEDDING_MODEL: "e",
      EMBEDDING_DIMENSIONS: "3",
      CLERK_JWT_KEY: SIGN_IN,
    },
    stop: async () => {
      await Promise.all([store.stop(), redis.stop()]);
      await database.stop();
    },
  };
}

/** Opens both as `npm run move` does, and hangs up at the end, whatever it is. */
export async function withPlaces<T>(
  regions: readonly [Region, Region],
  work: (from: Place, to: Place) => Promise<T>,
): Promise<T> {
  const [from, to] = await Promise.all(regions.map(openPlaceOf));
  try {
    return await work(from!, to!);
  } finally {
    for (const place of [from!, to!]) await place.database.end().catch(() => undefined);
  }
}

async function openPlaceOf({ name, database, vectors, kv, secretsKey }: Region): Promise<Place> {
  const client = new Client({ connectionString: database.ownerUrl });
  client.on("error", () => undefined);
  await client.connect();
  return {
    database: client,
    vectors,
    kv,
    sealing: sealingWith(secretsKey),
    url: `https://${name}.cairn.test`,
    region: name,
    embedding: "e, 3 dimensions",
    signIn: SIGN_IN,
  };
}

/** Moves a workspace without patience for steps under way. @param reached may throw: the move dies there */
export const move = (
  from: Region,
  to: Region,
  workspace: string,
  reached: MoveWishes["reached"] = () => undefined,
): Promise<void> =>
  withPlaces([from, to], (source, target) =>
    moveWorkspace({ from: source, to: target, workspace, patienceMs: 0, reached }),
  );
