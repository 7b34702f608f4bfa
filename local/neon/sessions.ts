import type { Duplex } from "node:stream";
import { setImmediate as otherWork } from "node:timers/promises";
import type { PGlite } from "@electric-sql/pglite";
import { type Host, Session } from "#/local/neon/session.ts";
import { closeStatement, holdsError, joined, query, statusAtEnd, SYNC } from "#/local/neon/wire.ts";

export interface SessionsOptions {
  /** Opens the engine; called again after it has crashed. */
  readonly open: () => Promise<PGlite>;
  readonly database: string;
  readonly passwords: ReadonlyMap<string, string>;
  /** An open transaction holds everybody else up, so one that waits for its client longer than this is ended. */
  readonly idleInTransactionMs?: number;
}

const REPORTED = [
  "server_version",
  "server_encoding",
  "client_encoding",
  "DateStyle",
  "IntervalStyle",
  "TimeZone",
  "integer_datetimes",
  "standard_conforming_strings",
];
/** Sync first: it ends a batch that was left half said. */
const ABANDON = Buffer.concat([SYNC, query("ROLLBACK")]);
/** PGlite has no autovacuum: after so many batches the next quiet moment is used for it. Nobody is served meanwhile: 0.3 to 0.5 s of CPU with a small database, 1.3 s the first time. */
const BATCHES_UNTIL_VACUUM = 1_000;
const QUIET_MS = 3_000;

/**
 * Many sessions over the one that PGlite has. A session owns the engine from its first message until the engine is idle again,
 * then settings and role go back before another one runs: PgBouncer's transaction pooling with a reset on every switch.
 * What belongs to the engine's single real session is common to all: session advisory locks, LISTEN, temporary tables. Prepared statements are not:
 * each session's have names of their own, and go when it leaves.
 */
export class Sessions {
  readonly #options: Required<SessionsOptions>;
  readonly #sessions = new Set<Session>();
  /** In the order of arrival. */
  readonly #waiting = new Set<Session>();
  #engine: Promise<PGlite>;
  /** Has a transaction (or half a batch) open. */
  #owner: Session | undefined;
  /** Whose role and settings the engine has now. */
  #current: Session | undefined;
  #working: Promise<void> | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #vacuumTimer: NodeJS.Timeout | undefined;
  #batchesSinceVacuum = 0;
  /** Statements of sessions that have left. */
  #orphaned: string[] = [];
  readonly #host: Host;

  private constructor(
    options: Required<SessionsOptions>,
    engine: PGlite,
    parameters: ReadonlyMap<string, string>,
  ) {
    this.#options = options;
    this.#engine = Promise.resolve(engine);
    this.#host = {
      database: options.database,
      passwords: options.passwords,
      parameters,
      batchArrived: (session) => {
        this.#waiting.add(session);
        this.#wake();
      },
      sessionLeft: (session) => {
        this.#sessions.delete(session);
        this.#waiting.delete(session);
        this.#orphaned.push(...session.prepared);
        if (session === this.#owner) this.#wake();
      },
    };
  }

  static async start(options: SessionsOptions): Promise<Sessions> {
    const engine = await options.open();
    const { rows } = await engine.query<{ name: string; setting: string }>(
      "select name, setting from pg_settings where name = any($1)",
      [REPORTED],
    );
    return new Sessions(
      { idleInTransactionMs: 30_000, ...options },
      engine,
      new Map(rows.map((row) => [row.name, row.setting])),
    );
  }

  /** Takes over a client that is about to send its startup packet. */
  serve(client: Duplex): void {
    this.#sessions.add(new Session(client, this.#host));
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions) session.refuse("57P01", "The database is shutting down.");
    await this.#working;
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#vacuumTimer);
    await (await this.#engine).close();
  }

  #wake(): void {
    clearTimeout(this.#vacuumTimer);
    this.#working ??= this.#workOff().finally(() => {
      this.#working = undefined;
      if (this.#batchesSinceVacuum >= BATCHES_UNTIL_VACUUM)
        this.#vacuumTimer = setTimeout(() => this.#tidyUp(), QUIET_MS).unref();
    });
  }

  /** Without statistics the planner takes a workspace for one row, and sorts all its runs where an index has them in order. */
  #tidyUp(): void {
    if (this.#owner !== undefined) return;
    this.#working ??= this.#vacuum().finally(() => {
      this.#working = undefined;
      if (this.#waiting.size > 0) this.#wake();
    });
  }

  async #vacuum(): Promise<void> {
    this.#batchesSinceVacuum = 0;
    this.#current = undefined;
    try {
      for (const statement of ["RESET SESSION AUTHORIZATION", "VACUUM (ANALYZE)"])
        await this.#run(query(statement));
    } catch {
      // The engine has crashed; whoever comes next finds out, and it is opened again.
    }
  }

  async #workOff(): Promise<void> {
    for (let session = this.#next(); session !== undefined; session = this.#next()) {
      clearTimeout(this.#idleTimer);
      await this.#serveOne(session);
      // The engine blocks this thread; between two batches the sockets get their turn.
      if (this.#waiting.size > 0) await otherWork();
    }
  }

  #next(): Session | undefined {
    if (this.#owner !== undefined)
      return this.#owner.closed || this.#owner.hasBatch ? this.#owner : undefined;
    const [first] = this.#waiting;
    return first;
  }

  async #serveOne(session: Session): Promise<void> {
    this.#waiting.delete(session);
    try {
      if (session.closed) await this.#abandon();
      else await this.#runBatch(session);
      if (session.hasBatch) this.#waiting.add(session);
    } catch (error) {
      await this.#reopen(session, error);
    }
  }

  async #runBatch(session: Session): Promise<void> {
    const batch = session.takeBatch();
    if (batch === undefined || !(await this.#becomes(session))) return;
    this.#batchesSinceVacuum += 1;
    const output = await this.#run(batch);
    this.#owner = statusAtEnd(output) === "idle" ? undefined : session;
    session.reply(output);
    if (this.#owner !== undefined) this.#watchIdle(session);
  }

  /** Gives the engine the role of the session, and none of the settings of the one before. @returns whether the role exists. */
  async #becomes(session: Session): Promise<boolean> {
    if (this.#current === session) return true;
    this.#current = undefined;
    await this.#forgetOrphaned();
    const role = `"${session.user.replaceAll('"', '""')}"`;
    const output = await this.#run(
      query(`RESET SESSION AUTHORIZATION; RESET ALL; SET SESSION AUTHORIZATION ${role}`),
    );
    if (holdsError(output)) {
      session.refuse("28000", `role ${role} does not exist`);
      return false;
    }
    this.#current = session;
    return true;
  }

  async #forgetOrphaned(): Promise<void> {
    if (this.#orphaned.length === 0) return;
    const closings = this.#orphaned.map(closeStatement);
    this.#orphaned = [];
    await this.#run(joined([...closings, SYNC]));
  }

  async #abandon(): Promise<void> {
    this.#owner = undefined;
    this.#current = undefined;
    await this.#run(ABANDON);
  }

  #watchIdle(session: Session): void {
    this.#idleTimer = setTimeout(() => {
      session.refuse(
        "25P03",
        "terminating connection due to idle-in-transaction timeout: the embedded database runs one transaction at a time",
      );
    }, this.#options.idleInTransactionMs);
  }

  async #run(batch: Buffer): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const engine = await this.#engine;
    // The chunk is a view of the engine's memory: it has to be copied before the engine continues.
    await engine.execProtocolRawStream(batch, {
      syncToFs: false,
      onRawData: (chunk) => chunks.push(Buffer.from(chunk)),
    });
    return joined(chunks);
  }

  /** PostgreSQL's answer to a crash: the transaction is lost, what was committed is recovered, the others continue. */
  async #reopen(session: Session, cause: unknown): Promise<void> {
    this.#owner = undefined;
    this.#current = undefined;
    session.refuse(
      "57P02",
      `The embedded database crashed and has been reopened (${String(cause)}). Nothing committed is lost; try again.`,
    );
    this.#engine = this.#options.open();
    // A failure is met again, and reported, by the next batch.
    await this.#engine.catch(() => undefined);
  }
}
