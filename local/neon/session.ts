import { createHash, timingSafeEqual } from "node:crypto";
import type { Duplex } from "node:stream";
import {
  ASK_FOR_PASSWORD,
  ENCRYPTION_REFUSED,
  errorResponse,
  greeting,
  type Message,
  joined,
  MessageReader,
  parseStartup,
  readText,
  withStatementPrefix,
  withText,
} from "#/local/neon/wire.ts";

/** The services that a session needs from the multiplexer that owns the engine. */
export interface Host {
  readonly database: string;
  readonly passwords: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
  readonly batchArrived: (session: Session) => void;
  readonly sessionLeft: (session: Session) => void;
}

/** Types after which the engine is asked to work: Query, Sync, Flush, CopyDone, CopyFail. */
const ENDS_BATCH = "QSHcf";
/** PGlite ends its process when it is asked to read rows from the client; such a statement is replaced by an error. */
const READS_ROWS_FROM_CLIENT = /\bcopy\b[^;]*\bfrom\s+stdin\b/i;
const REFUSE_COPY =
  "do $$ begin raise exception 'COPY FROM STDIN is not available on the embedded engine; use INSERT' using errcode = '0A000'; end $$";

let lastProcessId = 1000;
let lastSession = 0;

/** One client of the embedded engine: signs it in, then cuts what it says into batches that the engine can run in one go. */
export class Session {
  #stage: "startup" | "password" | "open" | "closed" = "startup";
  #user = "";
  #parts: Buffer[] = [];
  #batches: Buffer[] = [];
  #leaving = false;
  /** The engine has one space of names for all; each session's names begin with its own prefix. */
  readonly #prefix = `s${(lastSession += 1)}:`;
  readonly #prepared = new Set<string>();
  readonly #reader = new MessageReader();
  readonly #client: Duplex;
  readonly #host: Host;

  constructor(client: Duplex, host: Host) {
    this.#client = client;
    this.#host = host;
    client.on("data", (chunk: Buffer) => {
      this.#receive(chunk);
    });
    for (const event of ["end", "close", "error"])
      client.on(event, () => {
        this.#close();
      });
  }

  get user(): string {
    return this.#user;
  }

  get closed(): boolean {
    return this.#stage === "closed";
  }

  /** The names under which the engine keeps statements for this session. */
  get prepared(): ReadonlySet<string> {
    return this.#prepared;
  }

  get hasBatch(): boolean {
    return this.#batches.length > 0;
  }

  takeBatch(): Buffer | undefined {
    return this.#batches.shift();
  }

  /** Sends the engine's answer to the batch taken last. */
  reply(output: Buffer): void {
    if (this.closed) return;
    if (output.length > 0) this.#client.write(output);
    if (this.#leaving && !this.hasBatch) this.#close();
  }

  /** Ends the session with a last word. */
  refuse(code: string, message: string): void {
    if (!this.closed) this.#client.write(errorResponse("FATAL", code, message));
    this.#close();
  }

  #close(): void {
    if (this.closed) return;
    this.#stage = "closed";
    this.#batches = [];
    this.#client.end();
    this.#host.sessionLeft(this);
  }

  #receive(chunk: Buffer): void {
    if (this.closed || this.#leaving) return;
    this.#reader.push(chunk);
    try {
      while (this.#step());
    } catch {
      this.refuse("08P01", "These bytes are not the PostgreSQL protocol.");
    }
    if (this.hasBatch) this.#host.batchArrived(this);
  }

  /** @returns whether there may be more to read. */
  #step(): boolean {
    if (this.closed) return false;
    if (this.#stage === "startup") return this.#start(this.#reader.nextStartup());
    const message = this.#reader.next();
    if (message === undefined) return false;
    if (message.type === "X") this.#terminate();
    else if (this.#stage === "password") this.#signIn(message);
    // Neon's driver sends its password before it is asked; a second one means nothing.
    else if (message.type !== "p") this.#collect(message);
    return true;
  }

  #start(packet: Buffer | undefined): boolean {
    if (packet === undefined) return false;
    const startup = parseStartup(packet);
    if (startup.kind === "encryption") this.#client.write(ENCRYPTION_REFUSED);
    else if (startup.kind === "cancel") this.#close();
    else if (startup.database !== this.#host.database)
      this.refuse("3D000", `database "${startup.database}" does not exist`);
    else {
      this.#user = startup.user;
      this.#stage = "password";
      this.#client.write(ASK_FOR_PASSWORD);
    }
    return true;
  }

  #signIn(message: Message): void {
    const expected = this.#host.passwords.get(this.#user);
    if (message.type !== "p" || expected === undefined || !sameText(readText(message), expected)) {
      this.refuse("28P01", `password authentication failed for user "${this.#user}"`);
      return;
    }
    this.#stage = "open";
    lastProcessId += 1;
    this.#client.write(greeting(this.#host.parameters, lastProcessId));
  }

  #collect(message: Message): void {
    this.#parts.push(this.#withOwnName(withoutCopyFromClient(message)).bytes);
    if (!ENDS_BATCH.includes(message.type)) return;
    this.#batches.push(joined(this.#parts));
    this.#parts = [];
  }

  #withOwnName(message: Message): Message {
    const renamed = withStatementPrefix(message, this.#prefix);
    if (renamed === undefined) return message;
    if (message.type === "P") this.#prepared.add(renamed.name);
    return renamed.message;
  }

  /** Ends the session; what was sent before the goodbye is still done, as a server does it. */
  #terminate(): void {
    if (this.hasBatch) this.#leaving = true;
    else this.#close();
  }
}

function withoutCopyFromClient(message: Message): Message {
  if (message.type !== "Q" && message.type !== "P") return message;
  return READS_ROWS_FROM_CLIENT.test(readText(message))
    ? { type: message.type, bytes: withText(message, REFUSE_COPY) }
    : message;
}

function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
