import {
  CLIENT_CAPABILITIES_META_KEY,
  ProtocolError,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import * as v from "valibot";
import type { Helpdesk } from "./helpdesk.ts";
import { sumTotals } from "./tools.ts";

export const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";
const POLL_MS = 500;
const TaskParams = v.looseObject({ taskId: v.string() });

const Capabilities = v.looseObject({ extensions: v.optional(v.record(v.string(), v.unknown()), {}) });

/** Returns whether whoever asks can come back for a result later. */
export function takesTasks({ mcpReq }: ServerContext): boolean {
  const envelope: Record<string, unknown> = { ...mcpReq.envelope };
  const declared = v.safeParse(Capabilities, envelope[CLIENT_CAPABILITIES_META_KEY]);
  return declared.success && TASKS_EXTENSION in declared.output.extensions;
}

/** Begins a report that takes some seconds. */
export function beginReport(desk: Helpdesk, seconds: number) {
  const taskId = crypto.randomUUID();
  desk.reports.set(taskId, { readyAt: Date.now() + seconds * 1000, cancelled: false });
  // The package refuses an answer to tools/call without content.
  return { resultType: "task", content: [], ...readState(desk, taskId) };
}

function readState(desk: Helpdesk, taskId: string) {
  const report = desk.reports.get(taskId);
  if (!report) throw new ProtocolError(-32_602, "There is no such task.");
  const at = new Date(report.readyAt).toISOString();
  const isDone = Date.now() >= report.readyAt;
  const status = report.cancelled ? "cancelled" : isDone ? "completed" : "working";
  const result = { orders: desk.orders.size, total: sumTotals(desk) };
  return {
    taskId,
    status,
    createdAt: at,
    lastUpdatedAt: at,
    ttlMs: null,
    pollIntervalMs: POLL_MS,
    ...(status === "completed" && {
      result: { content: [{ type: "text", text: JSON.stringify(result) }], structuredContent: result },
    }),
  };
}

/** Answers those who come back. */
export function serveTasks(server: Server, desk: Helpdesk): void {
  server.setRequestHandler("tasks/get", { params: TaskParams }, ({ taskId }) => ({
    resultType: "complete",
    ...readState(desk, taskId),
  }));
  server.setRequestHandler("tasks/cancel", { params: TaskParams }, ({ taskId }) => {
    const report = desk.reports.get(taskId);
    if (report) report.cancelled = true;
    return {};
  });
}
