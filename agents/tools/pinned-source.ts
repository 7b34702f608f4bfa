import type { ToolPin, ToolPins } from "#/agents/definition/format/fields.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { pinTool } from "#/agents/tools/pin.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import { listDifferences } from "#/agents/tools/tool-change.ts";

/**
 * Returns a source whose names are the pinned ones, and that gives all of them that are asked for, with what is otherwise than it was pinned. A tool without a pin passes:
 * versions from before there were pins have none.
 * @throws StepError "tool-missing" from `find`
 */
export function pinnedSource(source: ToolSource, pins: ToolPins): ToolSource {
  return {
    names: async () => Object.keys(pins),
    find: async (names) => {
      const found = (await source.find(names)).map((tool) => asPinned(tool, pins));
      refuseMissing(names, found, pins);
      return found.map((tool) => {
        const pin = Object.hasOwn(pins, tool.name) ? pins[tool.name] : undefined;
        return pin ? compareToPin(tool, pin) : tool;
      });
    },
  };
}

/** Returns the form of a tool that the version was published with: earlier forms of the product's tools are kept. */
function asPinned(tool: Tool, pins: ToolPins): Tool {
  const pinned = Object.hasOwn(pins, tool.name) ? pins[tool.name] : undefined;
  const earlier = tool.earlier?.find((each) => pinTool(each).digest === pinned?.digest);
  return earlier ? { ...earlier, policy: tool.policy, limits: tool.limits } : tool;
}

/** An agent that continues with fewer tools than its author gave it would answer worse and say nothing of it. */
function refuseMissing(names: readonly string[], found: readonly Tool[], pins: ToolPins): void {
  const there = new Set(found.map(({ name }) => name));
  const missing = names.find((name) => Object.hasOwn(pins, name) && !there.has(name));
  if (missing === undefined) return;
  throw new StepError(
    "tool-missing",
    `The tool ${missing} that this version was published with is not there any more. Make it again under its name, or publish the workflow without it.`,
  );
}

const PARTS = ["description", "effect", "input", "behind"] as const;

function compareToPin(tool: Tool, pin: ToolPin): Tool {
  const now = pinTool(tool);
  if (now.digest === pin.digest || tool.acceptedPins?.includes(pin.digest)) return tool;
  return { ...tool, change: { digest: now.digest, changes: listDifferences(PARTS, pin, now) } };
}
