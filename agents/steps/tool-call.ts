import { writeOnce } from "#/agents/steps/side-effect.ts";
import type { Task } from "#/agents/steps/task.ts";
import type { Tool } from "#/agents/tools/tool.ts";

/** Calls a tool for a task, journaled, and tells whoever watches. `input` is as the tool's schema has read it. @throws what the tool throws */
export async function callTool(task: Task, tool: Tool, input: unknown): Promise<unknown> {
  const { signal, ports, id } = task;
  const search = (query: string, options = {}) => ports.search(query, options, signal);
  const startedAt = ports.now();
  const ended = (state: "succeeded" | "failed") => task.showTool({ state, tool: tool.name, durationMs: Math.max(0, ports.now() - startedAt) });
  task.showTool({ state: "started", tool: tool.name, input });
  try {
    const run = async () => (await tool.run(input, { signal, idempotencyKey: id, search, fetch: ports.fetch })) ?? null;
    const write = { name: "tool", kind: "tool", target: tool.name, request: input, asked: { tool: tool.name, input }, repeatable: false } as const;
    const output = await (tool.effectOf(input) === "write" ? writeOnce(task, write, run) : task.once("tool", run, write.asked));
    ended("succeeded");
    return output;
  } catch (error) {
    ended("failed");
    throw error;
  }
}
