import type { ColumnType } from "kysely";
import type { CheckpointRow } from "#/agents/langgraph/checkpoint/store.ts";
import type { RunError } from "#/agents/engine/run.ts";
import type { ApprovalStatus, ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import type { ConnectionKind } from "#/agents/vocabulary/connection.ts";
import type { DocumentStatus } from "#/agents/vocabulary/document.ts";
import type { LogKind, LogStatus } from "#/agents/vocabulary/log-line.ts";
import type { Priority, RunStatus, TriggerKind } from "#/agents/vocabulary/run.ts";
import type { ToolRule } from "#/agents/definition/format/fields.ts";
import type { DeclaredOrigin, ToolEffect } from "#/agents/vocabulary/tool.ts";
import type { SideEffectKind, SideEffectState } from "#/agents/vocabulary/side-effect.ts";
import type { Dialect, ListedTool, McpServerState, UnfitTool } from "#/agents/vocabulary/mcp.ts";
import type { MemoryScope } from "#/agents/vocabulary/memory.ts";
import type { WaitKind } from "#/agents/vocabulary/wait.ts";
import type { MoveState } from "#/agents/vocabulary/workspace-move.ts";
import type { WorkflowKind } from "#/agents/vocabulary/workflow.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import type { Role } from "#/lib/auth/permissions.ts";
import type { DB as Generated } from "#/db/generated.ts";

/** A jsonb column: read as its shape, always written as JSON text (a bare array would become a Postgres array literal). */
type Json<T> = ColumnType<T, string, string>;
/** A jsonb column with a default in the database. */
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;
type JsonOrNull = ColumnType<unknown, string | null | undefined, string | null>;
type JsonOf<T> = ColumnType<T, string | null | undefined, string | null>;
/** A text column that the database checks: it can hold these words only. */
type Word<T extends string | null> = ColumnType<T, string, string>;
type WordOrNull<T extends string> = ColumnType<T | null, string | null | undefined, string | null>;
type WordWithDefault<T extends string> = ColumnType<T, string | undefined, string>;

type Trigger = { readonly kind: TriggerKind; readonly [key: string]: unknown };
export type DecidedBy = { readonly kind: string; readonly id?: string; readonly name?: string };

type With<Table, Overlay> = Omit<Table, keyof Overlay> & Overlay;

interface Paid {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

export interface Usage extends Paid {
  /** The spending of runs that it has started, theirs included, once they have ended. */
  readonly children?: Paid;
  /** The tokens that a fork has taken over instead of paying for it. */
  readonly savedTokens?: number;
  readonly savedUsd?: number;
}

/** The generated tables with the shapes of their jsonb columns. */
export type Tables = With<
  Generated,
  {
    workspaces: With<Generated["workspaces"], { limits: JsonWithDefault<JsonObject> }>;
    workflows: With<Generated["workflows"], { draft: Json<unknown>; limits: JsonWithDefault<JsonObject> }>;
    workflow_versions: With<
      Generated["workflow_versions"],
      { definition: Json<JsonObject>; kind: Word<WorkflowKind> }
    >;
    agent_sessions: With<
      Generated["agent_sessions"],
      {
        state: JsonWithDefault<JsonObject>;
        input: JsonWithDefault<JsonObject>;
        output: JsonOrNull;
        error: JsonOf<RunError | null>;
        trigger: JsonWithDefault<Trigger>;
        usage: JsonWithDefault<Usage>;
        status: Word<RunStatus>;
        waiting_on: WordOrNull<WaitKind>;
        priority: WordWithDefault<Priority>;
      }
    >;
    agent_logs: With<
      Generated["agent_logs"],
      {
        input: JsonOrNull;
        output: JsonOrNull;
        error: JsonOf<RunError | null>;
        kind: Word<LogKind>;
        status: Word<LogStatus>;
      }
    >;
    checkpoints: With<
      Generated["checkpoints"],
      { checkpoint: Json<CheckpointRow["checkpoint"]>; metadata: JsonWithDefault<CheckpointRow["metadata"]> }
    >;
    journal: With<Generated["journal"], { line: JsonOrNull; result: Json<unknown> }>;
    waits: With<Generated["waits"], { due_value: JsonOrNull; value: JsonOrNull }>;
    approvals: With<
      Generated["approvals"],
      {
        shown: JsonOrNull;
        form: JsonOf<JsonObject | null>;
        values: JsonOrNull;
        decided_by: JsonOf<DecidedBy | null>;
        status: WordWithDefault<ApprovalStatus>;
        subject: WordWithDefault<ApprovalSubject>;
      }
    >;
    side_effects: With<
      Generated["side_effects"],
      { kind: Word<SideEffectKind>; state: WordWithDefault<SideEffectState> }
    >;
    connections: With<
      Generated["connections"],
      { kind: Word<ConnectionKind>; settings: JsonWithDefault<Readonly<Record<string, string>>> }
    >;
    mcp_servers: With<
      Generated["mcp_servers"],
      {
        state: WordWithDefault<McpServerState>;
        dialect: JsonOf<Dialect | null>;
        unfit: JsonWithDefault<readonly UnfitTool[]>;
      }
    >;
    mcp_tools: With<
      Generated["mcp_tools"],
      {
        effect: WordWithDefault<ToolEffect>;
        listed: JsonOf<ListedTool | null>;
        trusted: JsonOf<ListedTool | null>;
      }
    >;
    documents: With<Generated["documents"], { status: WordWithDefault<DocumentStatus> }>;
    members: With<Generated["members"], { role: Word<Role> }>;
    memories: With<Generated["memories"], { scope: Word<MemoryScope> }>;
    schedules: With<
      Generated["schedules"],
      { input: JsonWithDefault<JsonObject>; priority: WordWithDefault<Priority> }
    >;
    workspace_moves: With<Generated["workspace_moves"], { state: Word<MoveState> }>;
    webhooks: With<Generated["webhooks"], { priority: WordWithDefault<Priority> }>;
    tools: With<
      Generated["tools"],
      {
        origin: Word<DeclaredOrigin>;
        effect: Word<ToolEffect>;
        input: Json<JsonObject>;
        request: Json<JsonObject>;
      }
    >;
    tool_settings: With<
      Generated["tool_settings"],
      { policy: JsonOf<ToolRule | null>; limits: JsonWithDefault<JsonObject> }
    >;
    audit_log: With<Generated["audit_log"], { actor: Json<JsonObject>; detail: JsonWithDefault<JsonObject> }>;
  }
>;

/** Writes a jsonb parameter. NUL and lone surrogates, which jsonb refuses and models do send, are taken out. */
export function json(value: unknown): string {
  const text = JSON.stringify(value);
  return UNSTORABLE.test(text) ? JSON.stringify(value, (_key, item: unknown) => cleaned(item)) : text;
}

const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;

function cleaned(item: unknown): unknown {
  if (typeof item === "string") return storable(item);
  if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [storable(key), value]));
}

const storable = (text: string) => text.replaceAll("\0", "").toWellFormed();
