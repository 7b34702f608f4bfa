import * as v from "valibot";
import { StepError } from "#/agents/steps/step-error.ts";
import type { ServerCall } from "#/agents/tools/mcp/exchange.ts";
import { askAboutChange } from "#/agents/tools/ask-about-change.ts";
import { listDifferences, type ToolChange } from "#/agents/tools/tool-change.ts";
import type { ListedTool } from "#/agents/vocabulary/mcp.ts";

const PARTS = ["title", "description", "inputSchema", "outputSchema", "annotations"] as const;

/** Returns what a server says otherwise of a tool than what an admin has taken in. */
export const listChanges = (trusted: ListedTool, listed: ListedTool): readonly ToolChange[] =>
  listDifferences(PARTS, trusted, listed);

const Drift = v.nullable(v.object({ digest: v.string(), changes: v.array(v.unknown()) }));
/** The key of a tool's first request. */
export const FIRST_CALL = "call-0";
const ACTIONS = ["accept", "block"] as const;

/** Stops a call of a tool that is not what an admin has taken in, until an admin has accepted or blocked it. @throws Parking, StepError */
export async function decideDrift(call: ServerCall): Promise<void> {
  const { chosen, context, ports } = call;
  if (chosen.effect === "read" && isUnchanged(call)) return;
  const read = { effect: "read" as const, target: chosen.name, request: { tool: chosen.name } };
  // Journaled: what a later pass finds must not change which questions were asked.
  const drift = v.parse(Drift, await context.once("drift", read, async () => findDrift(call)));
  if (drift === null) return;
  const asker = {
    once: (key: string, act: () => Promise<unknown>) => context.once(`drift-${key}`, read, act),
    wait: context.wait,
  };
  const action = await askAboutChange(asker, {
    tool: chosen.name,
    changes: drift.changes,
    description: `${chosen.server} describes this tool otherwise than when it was taken in. “Accept” takes the new form in for all workflows, “block” withdraws the tool.`,
    actions: ACTIONS,
    decide: ({ action: said, by }) =>
      ports.decideDrift({
        tool: chosen,
        digest: drift.digest,
        action: v.parse(v.picklist(ACTIONS), said),
        by,
      }),
  });
  if (action === "accept") return;
  throw new StepError("tool-blocked", `The tool ${chosen.name} has changed, and an admin has blocked it.`);
}

/** A tool that only reads is called at once when it is found unchanged, without a note of that: its first call is the note. */
const isUnchanged = (call: ServerCall): boolean =>
  !call.context.isDone("drift") && (call.context.isDone(FIRST_CALL) || findDrift(call) === null);

function findDrift({ chosen }: ServerCall) {
  const { trusted, listed } = chosen;
  if (listed === null || listed.digest === trusted.digest) return null;
  return { digest: listed.digest, changes: listChanges(trusted, listed) };
}
