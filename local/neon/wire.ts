/** The few messages of the PostgreSQL v3 protocol that a server has to read and write itself. */

export type TransactionStatus = "idle" | "transaction" | "failed";

export interface Message {
  readonly type: string;
  /** The whole message, header included, ready to be passed on. */
  readonly bytes: Buffer;
}

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;
const LARGEST_STARTUP = 10_000;
const LARGEST_MESSAGE = 0x3f_ff_ff_ff;

/** Thrown when the bytes cannot be the PostgreSQL protocol: the connection must be dropped. */
class ProtocolViolation extends Error {}

/**
 * Cuts a byte stream into whole messages. Chunks are joined once, when a message is complete,
 * so a parameter of several megabytes is not copied again for each chunk that arrives.
 */
export class MessageReader {
  #chunks: Buffer[] = [];
  #size = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  /** The first packet of a connection has no type byte. */
  nextStartup(): Buffer | undefined {
    return this.#take(0, LARGEST_STARTUP);
  }

  next(): Message | undefined {
    const bytes = this.#take(1, LARGEST_MESSAGE);
    return bytes && { type: String.fromCharCode(bytes.readUInt8(0)), bytes };
  }

  /** Everything not taken yet; the reader is empty afterwards. */
  rest(): Buffer {
    const rest = this.#join();
    this.#chunks = [];
    this.#size = 0;
    return rest;
  }

  #take(lengthAt: 0 | 1, largest: number): Buffer | undefined {
    if (this.#size < lengthAt + 4) return undefined;
    const [first] = this.#chunks;
    const head = first !== undefined && first.length >= lengthAt + 4 ? first : this.#join();
    const declared = head.readInt32BE(lengthAt);
    if (declared < 4 || declared > largest)
      throw new ProtocolViolation(`a message of ${declared} bytes was announced`);
    const length = lengthAt + declared;
    if (this.#size < length) return undefined;
    const whole = this.#join();
    this.#chunks = whole.length > length ? [whole.subarray(length)] : [];
    this.#size -= length;
    return whole.subarray(0, length);
  }

  #join(): Buffer {
    const whole = joined(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }
}

export type Startup =
  | { readonly kind: "encryption" }
  | { readonly kind: "cancel" }
  | { readonly kind: "session"; readonly user: string; readonly database: string };

/** Reads the first packet of a connection. */
export function parseStartup(packet: Buffer): Startup {
  const code = packet.readInt32BE(4);
  if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: "encryption" };
  if (code === CANCEL_REQUEST) return { kind: "cancel" };
  const words = packet.toString("utf8", 8).split("\0");
  const settings = new Map<string, string>();
  for (let i = 0; i + 1 < words.length && words[i] !== ""; i += 2)
    settings.set(words[i] ?? "", words[i + 1] ?? "");
  const user = settings.get("user") ?? "";
  return { kind: "session", user, database: settings.get("database") ?? user };
}

/** The text of a Query, Parse or PasswordMessage. */
export function readText({ type, bytes }: Message): string {
  const start = type === "P" ? bytes.indexOf(0, 5) + 1 : 5;
  return bytes.toString("utf8", start, bytes.indexOf(0, start));
}

/** Finds the name of the prepared statement in a Parse, Bind, Describe or Close; undefined where none is named. */
function statementNameAt({ type, bytes }: Message): number | undefined {
  if (type === "P") return bytes[5] === 0 ? undefined : 5;
  if (type === "D" || type === "C") return bytes[5] === STATEMENT && bytes[6] !== 0 ? 6 : undefined;
  if (type !== "B") return undefined;
  const at = bytes.indexOf(0, 5) + 1;
  return bytes[at] === 0 ? undefined : at;
}
const STATEMENT = "S".charCodeAt(0);

/** The same message with `prefix` before the name of its prepared statement, and that name; undefined where it names none. */
export function withStatementPrefix(
  message: Message,
  prefix: string,
): { readonly message: Message; readonly name: string } | undefined {
  const at = statementNameAt(message);
  if (at === undefined) return undefined;
  const { type, bytes } = message;
  const renamed = Buffer.concat([bytes.subarray(0, at), Buffer.from(prefix), bytes.subarray(at)]);
  renamed.writeInt32BE(renamed.length - 1, 1);
  return { message: { type, bytes: renamed }, name: renamed.toString("utf8", at, renamed.indexOf(0, at)) };
}

/** Forgets a prepared statement; it is no error if there is none of that name. */
export function closeStatement(name: string): Buffer {
  return encodeMessage("C", Buffer.from(`S${name}\0`));
}

function encodeMessage(type: string, body: Buffer): Buffer {
  const message = Buffer.allocUnsafe(5 + body.length);
  message.write(type, 0, "latin1");
  message.writeInt32BE(4 + body.length, 1);
  body.copy(message, 5);
  return message;
}

export const ENCRYPTION_REFUSED = Buffer.from("N");
export const SYNC = encodeMessage("S", Buffer.alloc(0));
export const ASK_FOR_PASSWORD = encodeMessage("R", Buffer.from([0, 0, 0, 3]));
const READY = encodeMessage("Z", Buffer.from("I"));

export function query(sql: string): Buffer {
  return encodeMessage("Q", Buffer.from(`${sql}\0`));
}

/** The same Query or Parse message with another text and no parameters. */
export function withText({ type, bytes }: Message, sql: string): Buffer {
  if (type === "Q") return query(sql);
  const statementName = bytes.subarray(5, bytes.indexOf(0, 5) + 1);
  return encodeMessage("P", Buffer.concat([statementName, Buffer.from(`${sql}\0`), Buffer.alloc(2)]));
}

/** One buffer out of many, copied only when there really are many. */
export function joined(chunks: readonly Buffer[]): Buffer {
  const [first, ...rest] = chunks;
  return first !== undefined && rest.length === 0 ? first : Buffer.concat(chunks);
}

/** Returns whether any message of the output is an error. */
export function holdsError(output: Buffer): boolean {
  for (let at = 0; at + 5 <= output.length; at += 1 + output.readInt32BE(at + 1)) {
    if (output[at] === 0x45) return true;
  }
  return false;
}

export function errorResponse(severity: "ERROR" | "FATAL", code: string, message: string): Buffer {
  return encodeMessage("E", Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${message}\0\0`));
}

/** Writes what a server says once the password is right. */
export function greeting(parameters: ReadonlyMap<string, string>, processId: number): Buffer {
  const key = Buffer.alloc(8);
  key.writeInt32BE(processId, 0);
  return Buffer.concat([
    encodeMessage("R", Buffer.alloc(4)),
    ...[...parameters].map(([name, value]) => encodeMessage("S", Buffer.from(`${name}\0${value}\0`))),
    encodeMessage("K", key),
    READY,
  ]);
}

/** The transaction status of the ReadyForQuery that ends the output, or undefined when the output ends with something else. */
export function statusAtEnd(output: Buffer): TransactionStatus | undefined {
  const start = output.length - READY.length;
  if (start < 0 || output.compare(READY, 0, 5, start, start + 5) !== 0) return undefined;
  return STATUSES[String.fromCharCode(output.readUInt8(output.length - 1))];
}

const STATUSES: Readonly<Record<string, TransactionStatus>> = { I: "idle", T: "transaction", E: "failed" };
