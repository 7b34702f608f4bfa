import type { ToolRule } from "#/agents/definition/format/fields.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import type { Tool, ToolLimits } from "#/agents/tools/tool.ts";

/** A workspace's settings for the calls of a tool, as far as it has any. */
interface ToolSettings {
  readonly policy: ToolRule | undefined;
  readonly limits: Partial<ToolLimits>;
}

/** Finds what the workspace says of the tools of these names. */
export type FindSettings = (names: readonly string[]) => Promise<ReadonlyMap<string, ToolSettings>>;

/** Returns the tools of a source under the rules and limits of their workspace. */
export function settledSource(source: ToolSource, findSettings: FindSettings): ToolSource {
  return {
    names: source.names,
    find: async (names) => {
      const [tools, settings] = await Promise.all([source.find(names), findSettings(names)]);
      return tools.map((tool) => underSettings(tool, settings.get(tool.name)));
    },
  };
}

const underSettings = (tool: Tool, own: ToolSettings | undefined): Tool =>
  own ? { ...tool, policy: own.policy ?? tool.policy, limits: { ...tool.limits, ...own.limits } } : tool;
