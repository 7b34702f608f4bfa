import { reach } from "#/agents/steps/http/run.ts";
import { searchDocuments } from "#/agents/steps/search/run.ts";
import type { Secrets } from "#/agents/steps/secrets.ts";
import { writeOnce } from "#/agents/steps/side-effect.ts";
import type { Task } from "#/agents/steps/task.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import type { OutboundRequest } from "#/lib/outbound.ts";

/** What a tool is called with. */
export interface ToolInput {
  /** As the tool's schema has read it. */
  readonly input: unknown;
  /** The same for everybody to see: without secrets. */
  readonly shown: unknown;
}

interface Call extends ToolInput {
  readonly secrets: Pick<Secrets, "keep" | "fetch">;
}

/** Calls a tool for a task, journaled, and tells whoever watches. @throws what the tool throws */
export async function callTool(task: Task, tool: Tool, { input, shown, secrets }: Call): Promise<unknown> {
  const { signal, ports, id } = task;
  const reaches = {
    search: (query: string, options = {}) => searchDocuments(task, query, options),
    fetch: (request: OutboundRequest) => reach({ fetch: secrets.fetch, signal }, request),
  };
  const startedAt = ports.now();
  const ended = (state: "succeeded" | "failed") =>
    task.showTool({ state, tool: tool.name, durationMs: Math.max(0, ports.now() - startedAt) });
  task.showTool({ state: "started", tool: tool.name, input: shown });
  try {
    const run = () =>
      secrets.keep(async () => (await tool.run(input, { signal, idempotencyKey: id, ...reaches })) ?? null);
    const write = {
      name: "tool",
      kind: "tool",
      target: tool.name,
      request: shown,
      asked: { tool: tool.name, input: shown },
      repeatable: false,
    } as const;
    const output = await (tool.effectOf(input) === "write"
      ? writeOnce(task, write, run)
      : task.once("tool", run, write.asked));
    ended("succeeded");
    return output;
  } catch (error) {
    ended("failed");
    throw error;
  }
}
