import type { ColumnType } from "kysely";
import type { DB as Generated } from "#/db/generated.ts";

/** A jsonb column: read as its shape, always written as JSON text (a bare array would become a Postgres array literal). */
type Json<T> = ColumnType<T, string, string>;
/** A jsonb column with a default in the database. */
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;
type JsonOrNull = ColumnType<unknown, string | null | undefined, string | null>;
type JsonObject = Readonly<Record<string, unknown>>;

type With<Table, Overlay> = Omit<Table, keyof Overlay> & Overlay;

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

/** The generated tables with the shapes of their jsonb columns. */
export type Tables = With<
  Generated,
  {
    workspaces: With<Generated["workspaces"], { limits: JsonWithDefault<JsonObject> }>;
    workflows: With<Generated["workflows"], { draft: Json<unknown> }>;
    workflow_versions: With<Generated["workflow_versions"], { definition: Json<unknown> }>;
    agent_sessions: With<
      Generated["agent_sessions"],
      {
        state: JsonWithDefault<JsonObject>;
        input: JsonWithDefault<JsonObject>;
        output: JsonOrNull;
        error: JsonOrNull;
        trigger: JsonWithDefault<JsonObject>;
        usage: JsonWithDefault<Usage>;
      }
    >;
    agent_logs: With<Generated["agent_logs"], { input: JsonOrNull; output: JsonOrNull; error: JsonOrNull }>;
    checkpoints: With<Generated["checkpoints"], { checkpoint: Json<JsonObject>; metadata: JsonWithDefault<JsonObject> }>;
    journal: With<Generated["journal"], { result: Json<unknown> }>;
    waits: With<Generated["waits"], { due_value: JsonOrNull; value: JsonOrNull }>;
    approvals: With<Generated["approvals"], { shown: JsonOrNull; form: JsonOrNull; values: JsonOrNull; decided_by: JsonOrNull }>;
    schedules: With<Generated["schedules"], { input: JsonWithDefault<JsonObject> }>;
    audit_log: With<Generated["audit_log"], { actor: Json<JsonObject>; detail: JsonWithDefault<JsonObject> }>;
  }
>;

/** What a jsonb parameter is sent as. NUL and lone surrogates, which jsonb refuses and models do send, are taken out. */
export function json(value: unknown): string {
  const text = JSON.stringify(value);
  return UNSTORABLE.test(text) ? JSON.stringify(value, (_key, item: unknown) => (typeof item === "string" ? storable(item) : item)) : text;
}

const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;
const storable = (text: string) => text.replaceAll("\0", "").toWellFormed();
