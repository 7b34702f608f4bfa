import { choosesTools, toolNamesIn } from "#/agents/definition/check/tools.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { pinTool } from "#/agents/tools/pin.ts";
import type { ToolSource } from "#/agents/tools/source.ts";

/** Returns a definition as it is published: with a pin of every tool that it names. */
export async function pinTools(definition: Definition, source: ToolSource): Promise<Definition> {
  const { toolPins: _, ...unpinned } = definition;
  const tools = await source.find(toolNamesIn(definition));
  if (tools.length === 0 && !choosesTools(definition)) return unpinned;
  return { ...unpinned, toolPins: Object.fromEntries(tools.map((tool) => [tool.name, pinTool(tool)])) };
}
