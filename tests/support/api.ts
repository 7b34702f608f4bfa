import { randomUUID } from "node:crypto";
import { createApiKey } from "#/db/api-keys.ts";
import { type Database, openDatabase, type Tenant } from "#/db/client.ts";
import { generateApiKey } from "#/lib/auth/api-key.ts";
import type { Role, Scope } from "#/lib/auth/permissions.ts";
import { startOpenai } from "#/local/openai/serve.ts";
import { startPinecone } from "#/local/pinecone/serve.ts";
import { startQstash } from "#/local/qstash/serve.ts";
import { startRedis } from "#/local/redis/serve.ts";
import { startAppServer } from "#/tests/support/app-server.ts";
import { startTestDatabase } from "#/tests/support/database.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { addMember, seedWorkspace } from "#/tests/support/workspace.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // What a route answers is what its test is about.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One workspace, and the API as a key of it sees it. */
export interface Caller {
  readonly workspaceId: string;
  readonly userId: string;
  readonly tenant: Tenant;
  readonly key: string;
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Answer>;
  readonly keyWith: (...scopes: Scope[]) => Promise<string>;
  /** Another member of the workspace, with a key of theirs that may do all that they may. */
  readonly colleague: (role?: Role) => Promise<{ readonly userId: string; readonly key: string }>;
}

export interface TestApi {
  readonly url: string;
  readonly db: Database;
  readonly ownerUrl: string;
  readonly workspace: () => Promise<Caller>;
  readonly stop: () => Promise<void>;
}

/** The whole HTTP API on loopback wires: database, KV, queue, and where asked for vectors and models. Import no route before it is open. */
export async function openApi({
  knowledge = false,
  variables = {},
}: {
  readonly knowledge?: boolean;
  /** Of the environment, beside those that the wires need. */
  readonly variables?: Readonly<Record<string, string>>;
} = {}): Promise<TestApi> {
  const signing = { currentSigningKey: "sig_current", nextSigningKey: "sig_next" };
  const [database, redis, qstash, app] = await Promise.all([
    startTestDatabase(),
    startRedis({ port: 0, token: "kv" }),
    startQstash({ port: 0, file: ":memory:", token: "queue", ...signing }),
    startAppServer(),
  ]);
  const url = `http://127.0.0.1:${app.port}`;
  const extra = knowledge ? await startKnowledge() : undefined;
  setEnvironment({
    APP_URL: url,
    DATABASE_URL: database.runtimeUrl,
    KV_REST_API_URL: `http://127.0.0.1:${redis.port}`,
    KV_REST_API_TOKEN: "kv",
    QSTASH_URL: `http://127.0.0.1:${qstash.port}`,
    QSTASH_TOKEN: "queue",
    QSTASH_CURRENT_SIGNING_KEY: signing.currentSigningKey,
    QSTASH_NEXT_SIGNING_KEY: signing.nextSigningKey,
    LOG_LEVEL: "silent",
    ...extra?.variables,
    ...variables,
  });
  const db = openDatabase(database.runtimeUrl, 4);
  return {
    url,
    db,
    ownerUrl: database.ownerUrl,
    workspace: () => makeCaller({ url, db, ownerUrl: database.ownerUrl }),
    stop: async () => {
      await qstash.stop();
      await app.stop();
      await Promise.all([redis.stop(), extra?.stop(), closeOwnPool(), db.close()]);
      await database.stop();
    },
  };
}

/** The pool that the routes themselves have opened. */
async function closeOwnPool(): Promise<void> {
  const { database } = await import("#/db/client.ts");
  await database().close();
}

async function startKnowledge() {
  const [pinecone, openai] = await Promise.all([
    startPinecone({ port: 0, apiKey: "vectors", dataDir: undefined }),
    startOpenai({ port: 0, apiKey: "models" }),
  ]);
  return {
    variables: {
      PINECONE_CONTROLLER_HOST: `http://127.0.0.1:${pinecone.port}`,
      PINECONE_API_KEY: "vectors",
      LLM_BASE_URL: `http://127.0.0.1:${openai.port}/v1`,
      LLM_API_KEY: "models",
      LLM_MODEL_NOTE: "It only quotes.",
    },
    stop: () => Promise.all([pinecone.stop(), openai.stop()]),
  };
}

export async function makeCaller({
  url,
  db,
  ownerUrl,
}: {
  readonly url: string;
  readonly db: Database;
  readonly ownerUrl: string;
}): Promise<Caller> {
  const { workspaceId, userId } = await seedWorkspace(ownerUrl);
  const tenant = db.tenant({ workspaceId, userId });
  const makeKey = async (maker: Tenant, scopes: readonly Scope[]) => {
    const { key, hash, prefix } = generateApiKey();
    await createApiKey(maker, { id: randomUUID(), name: "Test key", prefix, hash, scopes, expiresAt: null });
    return key;
  };
  const keyWith = (...scopes: Scope[]) => makeKey(tenant, scopes);
  const colleague = async (role: Role = "admin") => {
    const other = await addMember(ownerUrl, workspaceId, role);
    return { userId: other, key: await makeKey(db.tenant({ workspaceId, userId: other }), ["admin"]) };
  };
  const key = await keyWith("admin");
  return {
    workspaceId,
    userId,
    tenant,
    key,
    keyWith,
    colleague,
    call: (method, path, options) =>
      call(url + path, method, {
        ...options,
        headers: { authorization: `Bearer ${key}`, ...options?.headers },
      }),
  };
}

/** One request: objects travel as JSON; text and forms as they are. */
export async function call(
  url: string,
  method: string,
  { body, headers }: CallOptions = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...(!(body instanceof FormData) && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && {
      body: typeof body === "string" || body instanceof FormData ? body : JSON.stringify(body),
    }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : text,
  };
}
