import type { ToolPins } from "#/agents/definition/format/fields.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { pinTool } from "#/agents/tools/pin.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import type { Tool } from "#/agents/tools/tool.ts";

/**
 * Returns a source that gives pinned tools only as they were pinned, all that are asked for. A tool without a pin passes: versions from before
 * there were pins have none.
 * @throws StepError "tool-changed", "tool-missing" from `find`
 */
export function pinnedSource(source: ToolSource, pins: ToolPins): ToolSource {
  return {
    names: source.names,
    find: async (names) => {
      const found = await source.find(names);
      for (const tool of found) refuseChanged(tool, pins);
      refuseMissing(names, found, pins);
      return found;
    },
  };
}

/** An agent that goes on with fewer tools than its author gave it would answer worse and say nothing of it. */
function refuseMissing(names: readonly string[], found: readonly Tool[], pins: ToolPins): void {
  const missing = names.find(
    (name) => Object.hasOwn(pins, name) && !found.some((tool) => tool.name === name),
  );
  if (missing === undefined) return;
  throw new StepError(
    "tool-missing",
    `The tool ${missing} that this version was published with is not there any more. Make it again under its name, or publish the workflow without it.`,
  );
}

function refuseChanged(tool: Tool, pins: ToolPins): void {
  const pinned = Object.hasOwn(pins, tool.name) ? pins[tool.name] : undefined;
  if (!pinned) return;
  const now = pinTool(tool);
  if (now.digest === pinned.digest || tool.acceptedPins?.includes(pinned.digest)) return;
  const effect = now.effect === pinned.effect ? "" : ` It was a ${pinned.effect} and is a ${now.effect} now.`;
  throw new StepError(
    "tool-changed",
    `The tool ${tool.name} is not the one that this version was published with, so it was not called.${effect} Look at the tool, then publish the workflow again to accept it.`,
  );
}
