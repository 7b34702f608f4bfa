import { DatabaseSync, type StatementSync } from "node:sqlite";
import * as v from "valibot";
import { type Message, MessageMeta } from "#/local/qstash/message.ts";

/**
 * WAL with synchronous NORMAL survives the death of the process, not of the machine's power. The exclusive lock
 * refuses a second server on the same file, which would deliver everything twice.
 */
const SCHEMA = `
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS message (
  sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, meta TEXT NOT NULL, body BLOB NOT NULL, due_at INTEGER NOT NULL, retried INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS dead_letter (id TEXT PRIMARY KEY, meta TEXT NOT NULL, body BLOB NOT NULL, response TEXT NOT NULL, died_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS deduplication (key TEXT PRIMARY KEY, message_id TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
DROP INDEX IF EXISTS deduplication_expiry;
CREATE TABLE IF NOT EXISTS record (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key));`;

const STATEMENTS = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  rollback: "ROLLBACK",
  insertMessage: "INSERT INTO message (id, meta, body, due_at, retried) VALUES (?, ?, ?, ?, ?)",
  rescheduleMessage: "UPDATE message SET due_at = ?, retried = ? WHERE sequence = ? AND id = ?",
  deleteMessage: "DELETE FROM message WHERE sequence = ? AND id = ?",
  messages: "SELECT sequence, meta, body, due_at, retried FROM message ORDER BY sequence",
  insertDeadLetter: "INSERT INTO dead_letter (id, meta, body, response, died_at) VALUES (?, ?, ?, ?, ?)",
  deleteDeadLetter: "DELETE FROM dead_letter WHERE id = ?",
  deadLetters: "SELECT id, meta, body, response FROM dead_letter ORDER BY died_at, rowid",
  forgetDeadLetters: "DELETE FROM dead_letter WHERE died_at < ?",
  findDuplicate: "SELECT message_id FROM deduplication WHERE key = ? AND expires_at > ?",
  rememberDuplicate: "INSERT OR REPLACE INTO deduplication (key, message_id, expires_at) VALUES (?, ?, ?)",
  forgetDuplicates: "DELETE FROM deduplication WHERE expires_at < ?",
  saveRecord: "INSERT OR REPLACE INTO record (kind, key, value) VALUES (?, ?, ?)",
  deleteRecord: "DELETE FROM record WHERE kind = ? AND key = ?",
  records: "SELECT key, value FROM record WHERE kind = ? ORDER BY rowid",
} as const;

const Meta = v.pipe(v.string(), v.parseJson(), MessageMeta);
const Body = v.pipe(
  v.instance(Uint8Array),
  v.transform((bytes) => Buffer.from(bytes)),
);
const MessageRow = v.object({
  sequence: v.number(),
  meta: Meta,
  body: Body,
  due_at: v.number(),
  retried: v.number(),
});
const DeadResponse = v.object({
  status: v.number(),
  headers: v.record(v.string(), v.array(v.string())),
  body: v.string(),
});
const DeadLetterRow = v.object({
  id: v.string(),
  meta: Meta,
  body: Body,
  response: v.pipe(v.string(), v.parseJson(), DeadResponse),
});
const RecordRow = v.object({ key: v.string(), value: v.pipe(v.string(), v.parseJson()) });

/** A message that was given up, with the last answer of its destination. */
export type DeadLetter = {
  readonly id: string;
  readonly message: Message;
  readonly response: v.InferOutput<typeof DeadResponse>;
};

/** A transaction costs more than all that is written in it, so the end of a message waits this long for one that is needed anyway. */
const DELIVERED_KEPT_MS = 20;

/** The durable side: what was written here before an acknowledgement is there again after kill -9. */
export class Store {
  private readonly database: DatabaseSync;
  private readonly statements: Readonly<Record<keyof typeof STATEMENTS, StatementSync>>;
  /** Rows of messages by their ids. */
  private readonly sequences = new Map<string, number>();
  private readonly delivered: string[] = [];
  private deliveredTimer: NodeJS.Timeout | undefined;
  private depth = 0;

  /** @throws when another process has the file open. */
  constructor(file: string) {
    const database = new DatabaseSync(file);
    database.exec(SCHEMA);
    const prepare = (name: keyof typeof STATEMENTS) => database.prepare(STATEMENTS[name]);
    this.database = database;
    this.statements = {
      begin: prepare("begin"),
      commit: prepare("commit"),
      rollback: prepare("rollback"),
      insertMessage: prepare("insertMessage"),
      rescheduleMessage: prepare("rescheduleMessage"),
      deleteMessage: prepare("deleteMessage"),
      messages: prepare("messages"),
      insertDeadLetter: prepare("insertDeadLetter"),
      deleteDeadLetter: prepare("deleteDeadLetter"),
      deadLetters: prepare("deadLetters"),
      forgetDeadLetters: prepare("forgetDeadLetters"),
      findDuplicate: prepare("findDuplicate"),
      rememberDuplicate: prepare("rememberDuplicate"),
      forgetDuplicates: prepare("forgetDuplicates"),
      saveRecord: prepare("saveRecord"),
      deleteRecord: prepare("deleteRecord"),
      records: prepare("records"),
    };
  }

  /** All or nothing. Calls inside each other are one transaction. */
  atomically<T>(work: () => T): T {
    if (this.depth > 0) return work();
    this.statements.begin.run();
    this.depth += 1;
    try {
      const result = work();
      this.deleteDelivered();
      this.statements.commit.run();
      return result;
    } catch (error) {
      this.statements.rollback.run();
      throw error;
    } finally {
      this.depth -= 1;
    }
  }

  insertMessage({ body, dueAt, retried, ...meta }: Message): void {
    const { lastInsertRowid } = this.statements.insertMessage.run(
      meta.id,
      JSON.stringify(meta),
      body,
      dueAt,
      retried,
    );
    this.sequences.set(meta.id, Number(lastInsertRowid));
  }

  rescheduleMessage({ id, dueAt, retried }: Message): void {
    this.statements.rescheduleMessage.run(dueAt, retried, this.sequences.get(id) ?? 0, id);
  }

  deleteMessage(id: string): void {
    this.statements.deleteMessage.run(this.sequences.get(id) ?? 0, id);
    this.sequences.delete(id);
  }

  /** Deletes a delivered message together with whatever is written next. A process that is killed before that delivers it again. */
  deleteMessageSoon(id: string): void {
    this.delivered.push(id);
    this.deliveredTimer ??= setTimeout(() => this.atomically(() => undefined), DELIVERED_KEPT_MS);
  }

  private deleteDelivered(): void {
    clearTimeout(this.deliveredTimer);
    this.deliveredTimer = undefined;
    for (const id of this.delivered.splice(0)) this.deleteMessage(id);
  }

  /** In the order in which they were accepted. */
  messages(): readonly Message[] {
    return this.statements.messages.all().map((row) => {
      const { sequence, meta, body, due_at: dueAt, retried } = v.parse(MessageRow, row);
      this.sequences.set(meta.id, sequence);
      return asMessage(meta, { body, dueAt, retried });
    });
  }

  insertDeadLetter({ id, message, response }: DeadLetter, diedAt: number): void {
    const { body, dueAt: _dueAt, retried: _retried, ...meta } = message;
    this.statements.insertDeadLetter.run(id, JSON.stringify(meta), body, JSON.stringify(response), diedAt);
  }

  deleteDeadLetter(id: string): void {
    this.statements.deleteDeadLetter.run(id);
  }

  deadLetters(): readonly DeadLetter[] {
    return this.statements.deadLetters.all().map((row) => {
      const { id, meta, body, response } = v.parse(DeadLetterRow, row);
      return { id, message: asMessage(meta, { body, dueAt: 0, retried: meta.maxRetries }), response };
    });
  }

  /** The message that was accepted under this key, if that was not too long ago. */
  findDuplicate(key: string, now: number): string | undefined {
    const found = this.statements.findDuplicate.get(key, now)?.["message_id"];
    return typeof found === "string" ? found : undefined;
  }

  rememberDuplicate(key: string, messageId: string, expiresAt: number): void {
    this.statements.rememberDuplicate.run(key, messageId, expiresAt);
  }

  forget(before: { readonly duplicates: number; readonly deadLetters: number }): void {
    this.statements.forgetDuplicates.run(before.duplicates);
    this.statements.forgetDeadLetters.run(before.deadLetters);
  }

  saveRecord(kind: string, key: string, value: unknown): void {
    this.statements.saveRecord.run(kind, key, JSON.stringify(value));
  }

  deleteRecord(kind: string, key: string): void {
    this.statements.deleteRecord.run(kind, key);
  }

  records(kind: string): readonly { readonly key: string; readonly value: unknown }[] {
    return this.statements.records.all(kind).map((row) => v.parse(RecordRow, row));
  }

  close(): void {
    this.atomically(() => undefined);
    this.database.close();
  }
}

type Moment = Pick<Message, "body" | "dueAt" | "retried">;

function asMessage(meta: v.InferOutput<typeof MessageMeta>, moment: Moment): Message {
  return Object.assign(meta, moment);
}
