import {
  type Connection,
  DatabaseError,
  type Pool,
  type PoolClient,
  type Submittable,
  types,
} from "@neondatabase/serverless";
import { toWire } from "#/db/wire-value.ts";

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export type Row = Record<string, unknown>;

/**
 * Runs statements in one transaction and one round trip: all of them are sent at once, and everything up to the one Sync behind them is a
 * transaction in PostgreSQL's protocol, without BEGIN and COMMIT. Statements are parsed and planned once a connection.
 * @param deadlineMs the time after which the connection is given up; only for what changes nothing, because nobody knows what became of it
 * @returns the rows of each statement
 */
export async function runPipeline(
  pool: Pool,
  statements: readonly Statement[],
  deadlineMs?: number,
): Promise<readonly Row[][]> {
  const inTime = (rows: Promise<readonly Row[][]>) =>
    deadlineMs === undefined ? rows : within(deadlineMs, rows);
  try {
    return await onConnection(pool, (client) => inTime(send(client, statements, preparedOn(client))));
  } catch (error) {
    if (!isOutdated(error)) throw error;
    // Nothing has been done: the failure came before any effect, and the transaction is gone with it.
    return onConnection(pool, (client) => inTime(send(client, statements, undefined)));
  }
}

/** The server did not answer in time. */
class NoAnswer extends Error {}

async function within<T>(deadlineMs: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([answer, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** A migration has changed a table under a prepared statement, or the server has lost it. */
function isOutdated(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === "0A000" || error.code === "26000");
}

/** Returns whether nothing of the transaction is stored, for certain. When the server hangs up instead, nobody knows what has become of it. */
export function isRolledBack(error: unknown): boolean {
  return error instanceof DatabaseError && error.severity === "ERROR";
}

/** Returns whether the connection must not be used again: its statements are outdated, the server is about to close it, or it still has an answer under way. */
function spoilsConnection(error: unknown): error is Error {
  if (error instanceof NoAnswer || isOutdated(error)) return true;
  return error instanceof DatabaseError && error.severity !== "ERROR";
}

async function onConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let unusable: Error | undefined;
  const lost = (error: Error) => {
    unusable = error;
  };
  client.on("error", lost);
  try {
    return await work(client);
  } catch (error) {
    if (spoilsConnection(error)) unusable = error;
    throw error;
  } finally {
    client.removeListener("error", lost);
    client.release(unusable);
  }
}

interface Column {
  readonly name: string;
  readonly read: (text: string) => unknown;
}

/** A statement that the server keeps for one connection. */
interface Prepared {
  readonly name: string;
  columns: readonly Column[];
  ready: boolean;
}

/** Bounds of the statements that a server keeps prepared for a connection: long texts are lists of rows, each another one. */
const MOST_PREPARED = 100;
const LONGEST_PREPARED = 4_000;

const connections = new WeakMap<PoolClient, Map<string, Prepared>>();

function preparedOn(client: PoolClient): Map<string, Prepared> {
  const known = connections.get(client) ?? new Map<string, Prepared>();
  connections.set(client, known);
  return known;
}

function keep(prepared: Map<string, Prepared> | undefined, sql: string): Prepared {
  const known = prepared?.get(sql);
  if (known) return known;
  const isKept = prepared !== undefined && prepared.size < MOST_PREPARED && sql.length <= LONGEST_PREPARED;
  const added: Prepared = { name: isKept ? `cairn_${prepared.size}` : "", columns: [], ready: false };
  if (isKept) prepared.set(sql, added);
  return added;
}

function send(
  client: PoolClient,
  statements: readonly Statement[],
  prepared: Map<string, Prepared> | undefined,
): Promise<readonly Row[][]> {
  const steps = statements.map(({ sql, parameters }) => ({
    sql,
    values: parameters.map(toWire),
    prepared: keep(prepared, sql),
  }));
  return new Promise((resolve, reject) => {
    client.query(new Pipeline(steps, { resolve, reject }));
  });
}

interface Step {
  readonly sql: string;
  readonly values: (string | Uint8Array | null)[];
  readonly prepared: Prepared;
}

/** The server's messages, as the driver hands them on. */
interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}
interface DataRow {
  readonly fields: readonly (string | null)[];
}

interface Settle {
  readonly resolve: (rows: readonly Row[][]) => void;
  readonly reject: (error: Error) => void;
}

class Pipeline implements Submittable {
  readonly #steps: readonly Step[];
  readonly #settle: Settle;
  readonly #results: Row[][] = [];
  #rows: Row[] = [];

  constructor(steps: readonly Step[], settle: Settle) {
    this.#steps = steps;
    this.#settle = settle;
  }

  submit(connection: Connection): null {
    for (const { sql, values, prepared } of this.#steps) {
      const { name, ready } = prepared;
      // It may be there from a pipeline that failed behind it.
      if (!ready && name !== "") connection.close({ type: "S", name }, true);
      if (!ready) connection.parse({ name, text: sql, types: [] }, true);
      connection.bind({ statement: name, values }, true);
      if (!ready) connection.describe({ type: "P" }, true);
      connection.execute(null, true);
    }
    connection.sync();
    return null;
  }

  handleRowDescription({ fields }: RowDescription): void {
    const step = this.#steps[this.#results.length];
    if (step)
      step.prepared.columns = fields.map(({ name, dataTypeID }) => ({
        name,
        read: types.getTypeParser(dataTypeID, "text"),
      }));
  }

  handleDataRow({ fields }: DataRow): void {
    const columns = this.#steps[this.#results.length]?.prepared.columns ?? [];
    const row: Row = {};
    for (let index = 0; index < columns.length; index += 1) {
      const [column, text] = [columns[index], fields[index] ?? null];
      if (column) row[column.name] = text === null ? null : column.read(text);
    }
    this.#rows.push(row);
  }

  handleCommandComplete(): void {
    this.#results.push(this.#rows);
    this.#rows = [];
  }

  handleError(error: Error): void {
    this.#settle.reject(error);
  }

  handleReadyForQuery(): void {
    for (const { prepared } of this.#steps) prepared.ready = prepared.name !== "";
    this.#settle.resolve(this.#results);
  }
}
