import "server-only";
import { toStepError } from "#/agents/steps/step-error.ts";
import { tryTool as callOnce } from "#/agents/steps/tool/try-tool.ts";
import { cutResult } from "#/agents/tools/result-limit.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { newId } from "#/lib/id.ts";
import type { Caller } from "#/operations/caller.ts";
import { makeStepPorts } from "#/operations/execution/ports.ts";
import type { tryToolContract } from "#/operations/tools/contract.ts";
import { noSuchTool } from "#/operations/tools/refusals.ts";

type Tried =
  | { readonly ok: true; readonly output: unknown; readonly isCut: boolean; readonly durationMs: number }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly durationMs: number };

/** Calls a tool once, outside any run. Refuses with `not-found`, and with `forbidden` what the workspace denies. */
export async function tryTool(
  { tenant }: Caller,
  { name, input }: Input<typeof tryToolContract>,
): Promise<Tried | Refusal> {
  const ports = makeStepPorts(tenant);
  const [tool] = await ports.tools.find([name]);
  if (!tool) return noSuchTool;
  if (tool.policy === "deny") return refuse("forbidden", `${name} may not be called in this workspace.`);
  const startedAt = Date.now();
  const outcome = await findOutcome(tool, input, ports);
  return { ...outcome, durationMs: Date.now() - startedAt };
}

/** A request of the API lives no longer than this. */
const LONGEST_MS = 50_000;

async function findOutcome(tool: Tool, input: unknown, ports: ReturnType<typeof makeStepPorts>) {
  try {
    const output = await callOnce(tool, {
      id: newId(),
      ports,
      input,
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    const cut = cutResult(JSON.stringify(output ?? null), tool.limits.bytes);
    return { ok: true, output: cut ?? output ?? null, isCut: cut !== undefined } as const;
  } catch (error) {
    const { code, message } = toStepError(error);
    return { ok: false, code, message } as const;
  }
}
