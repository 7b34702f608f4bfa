import type { IncomingMessage, ServerResponse } from "node:http";
import { Pool, type PoolClient, type PoolConfig } from "pg";
import type { Address } from "#/local/neon/backend.ts";

/** Neon's SQL over HTTP: one query, or one transaction of several, in one request. */
export interface HttpSql {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly stop: () => Promise<void>;
}

interface Statement {
  readonly query: string;
  readonly params?: readonly unknown[];
}

interface Format {
  readonly rawText: boolean;
  readonly arrayMode: boolean;
}

const ISOLATION_LEVELS: Readonly<Record<string, string>> = {
  ReadUncommitted: "READ UNCOMMITTED",
  ReadCommitted: "READ COMMITTED",
  RepeatableRead: "REPEATABLE READ",
  Serializable: "SERIALIZABLE",
};
const ERROR_FIELDS = [
  "severity",
  "code",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "where",
  "schema",
  "table",
  "column",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
];
const LARGEST_BODY = 64 * 1024 * 1024;
const AS_TEXT = { getTypeParser: () => (value: unknown) => value };

/** A request that cannot be answered by the database; shaped like the database's own errors, so that the driver shows its text. */
class Refusal extends Error {
  readonly severity = "ERROR";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function httpSql(address: Address, connections: number): HttpSql {
  const pools = new Map<string, Pool>();
  const poolFor = (connectionString: string): Pool => {
    const known = pools.get(connectionString);
    if (known !== undefined) return known;
    const pool = new Pool({
      ...credentials(connectionString),
      ...address,
      max: connections,
      idleTimeoutMillis: 30_000,
    });
    pool.on("error", () => undefined);
    pools.set(connectionString, pool);
    return pool;
  };
  const connect = async (connectionString: string): Promise<PoolClient> => {
    const pool = poolFor(connectionString);
    try {
      return await pool.connect();
    } catch (error) {
      // A wrong password must not leave a pool behind for each guess.
      if (pool.totalCount === 0) pools.delete(connectionString);
      throw error;
    }
  };
  return {
    handle: async (request, response) => {
      try {
        const work = await readWork(request);
        const client = await connect(header(request, "neon-connection-string"));
        respond(response, 200, await perform(client, work));
      } catch (error) {
        respond(response, 400, problem(error));
      }
    },
    stop: async () => {
      await Promise.all([...pools.values()].map(async (pool) => pool.end()));
    },
  };
}

interface Work {
  readonly format: Format;
  readonly statements: readonly Statement[];
  /** The BEGIN of a batch; a single query has none. */
  readonly begin: string | undefined;
}

async function readWork(request: IncomingMessage): Promise<Work> {
  if (request.method !== "POST" || request.url?.split("?")[0] !== "/sql")
    throw new Refusal("08P01", "Neon's SQL over HTTP is POST /sql.");
  if (header(request, "neon-connection-string") === "")
    throw new Refusal("28000", "The Neon-Connection-String header with user and password is missing.");
  const body = await readJson(request);
  const batch = "queries" in body && Array.isArray(body.queries) ? body.queries : undefined;
  const statements: readonly unknown[] = batch ?? [body];
  if (!statements.every(isStatement))
    throw new Refusal(
      "08P01",
      'The body must be {"query", "params"} or {"queries": [{"query", "params"}, …]}.',
    );
  return {
    format: {
      rawText: header(request, "neon-raw-text-output") === "true",
      arrayMode: header(request, "neon-array-mode") === "true",
    },
    statements,
    begin: batch !== undefined ? beginStatement(request) : undefined,
  };
}

function beginStatement(request: IncomingMessage): string {
  const level = header(request, "neon-batch-isolation-level");
  const words = ["BEGIN"];
  if (level !== "") words.push(`ISOLATION LEVEL ${ISOLATION_LEVELS[level] ?? refuseLevel(level)}`);
  if (header(request, "neon-batch-read-only") === "true") words.push("READ ONLY");
  if (header(request, "neon-batch-deferrable") === "true") words.push("DEFERRABLE");
  return words.join(" ");
}

function refuseLevel(level: string): never {
  throw new Refusal(
    "22023",
    `"${level}" is not an isolation level. Known: ${Object.keys(ISOLATION_LEVELS).join(", ")}.`,
  );
}

async function perform(client: PoolClient, { begin, statements, format }: Work): Promise<unknown> {
  let broken: Error | undefined;
  const run = async (statement: Statement) => runStatement(client, statement, format);
  try {
    if (begin === undefined) return await run(statements[0] ?? { query: "" });
    await client.query(begin);
    const results: unknown[] = [];
    for (const statement of statements) results.push(await run(statement));
    await client.query("COMMIT");
    return { results };
  } catch (error) {
    if (begin !== undefined) broken = await client.query("ROLLBACK").then(() => undefined, asError);
    throw error;
  } finally {
    client.release(broken);
  }
}

async function runStatement(
  client: PoolClient,
  { query, params = [] }: Statement,
  { rawText, arrayMode }: Format,
): Promise<unknown> {
  // Always prepared, as Neon does it: one statement a query, and a parameter that is missing is an error.
  const config = {
    text: query,
    values: [...params],
    queryMode: "extended",
    ...(arrayMode ? { rowMode: "array" } : {}),
    ...(rawText ? { types: AS_TEXT } : {}),
  };
  const { command, rowCount, fields, rows } = await client.query(config);
  return { command, rowCount, rowAsArray: arrayMode, fields, rows };
}

function credentials(connectionString: string): PoolConfig {
  if (!URL.canParse(connectionString))
    throw new Refusal("28000", "The Neon-Connection-String header is not a connection string.");
  const url = new URL(connectionString);
  return {
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
  };
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

async function readJson(request: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue;
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Refusal("54000", "The request is larger than 64 MiB.");
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (typeof body === "object" && body !== null) return body;
  } catch {
    // Not JSON: refused below, like JSON of another shape.
  }
  throw new Refusal("08P01", "The body is not a JSON object.");
}

function isStatement(value: unknown): value is Statement {
  return (
    typeof value === "object" &&
    value !== null &&
    "query" in value &&
    typeof value.query === "string" &&
    (!("params" in value) || Array.isArray(value.params))
  );
}

function problem(error: unknown): Record<string, unknown> {
  const fields = new Map(Object.entries(asError(error)));
  return {
    message: asError(error).message,
    ...Object.fromEntries(
      ERROR_FIELDS.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)]),
    ),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
