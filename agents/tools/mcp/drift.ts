import * as v from "valibot";
import type { ListedTool } from "#/agents/vocabulary/mcp.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { ServerCall } from "#/agents/tools/mcp/exchange.ts";
import { canonicalJson } from "#/lib/canonical-json.ts";

/** One part of a tool that is another than it was. */
export interface ToolChange {
  readonly part: string;
  readonly before: unknown;
  readonly now: unknown;
}

const PARTS = ["title", "description", "inputSchema", "outputSchema", "annotations"] as const;

/** Returns what a server says otherwise of a tool than what an admin has taken in. */
export function listChanges(trusted: ListedTool, listed: ListedTool): readonly ToolChange[] {
  return PARTS.flatMap((part) =>
    canonicalJson(trusted[part]) === canonicalJson(listed[part])
      ? []
      : [{ part, before: trusted[part] ?? null, now: listed[part] ?? null }],
  );
}

const Drift = v.nullable(v.object({ digest: v.string(), changes: v.array(v.unknown()) }));
const Said = v.looseObject({ action: v.picklist(["accept", "block"]), by: v.optional(v.unknown()) });
const Ends = v.picklist(["done", "not-admin", "changed"]);
const MOST_DECISIONS = 20;

/** Stops a call of a tool that is not what an admin has taken in, until an admin has accepted or blocked it. @throws Parking, StepError */
export async function decideDrift(call: ServerCall): Promise<void> {
  const { chosen, context, ports } = call;
  const read = { effect: "read" as const, target: chosen.name, request: { tool: chosen.name } };
  // Journaled: what a later pass finds must not change which questions were asked.
  const drift = v.parse(Drift, await context.once("drift", read, async () => findDrift(call)));
  if (drift === null) return;
  for (let turn = 0; turn < MOST_DECISIONS; turn += 1) {
    const { action, by } = v.parse(Said, context.wait(toQuestion(call, drift.changes, turn > 0)));
    const decision = { tool: chosen, digest: drift.digest, action, by };
    const end = v.parse(Ends, await context.once(`drift-${turn}`, read, () => ports.decideDrift(decision)));
    if (end === "changed") throw changedAgain(chosen.name);
    if (end === "not-admin") continue;
    if (action === "accept") return;
    throw new StepError("tool-blocked", `The tool ${chosen.name} has changed, and an admin has blocked it.`);
  }
  throw new StepError("tool-changed", `No admin has decided on the tool ${chosen.name}.`);
}

function findDrift({ chosen }: ServerCall) {
  const { trusted, listed } = chosen;
  if (listed === null || listed.digest === trusted.digest) return null;
  return { digest: listed.digest, changes: listChanges(trusted, listed) };
}

const changedAgain = (name: string) =>
  new StepError("tool-changed", `The tool ${name} has changed again since. Retry the run to see how.`);

function toQuestion({ chosen }: ServerCall, changes: readonly unknown[], again: boolean) {
  const { server, name } = chosen;
  return {
    kind: "approval" as const,
    approval: {
      subject: "tool" as const,
      subjectId: name,
      title: `${name} has changed`,
      description: `${server} describes this tool otherwise than when it was taken in. “Accept” takes the new form in for all workflows, “block” withdraws the tool.${again ? " Whoever answered before is no admin: an admin has to decide." : " An admin has to decide."}`,
      shown: { changes },
      actions: ["accept", "block"],
    },
  };
}
