import { toolUses } from "#/db/tools.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listToolsContract, ToolHead } from "#/operations/tools/contract.ts";
import { MOST_LISTED } from "#/operations/tools/contract.ts";
import { makeHead } from "#/operations/tools/show.ts";
import { openTools } from "#/operations/tools/source.ts";

interface ListedTools {
  readonly items: readonly ToolHead[];
  readonly total: number;
}

/** Lists the tools of the workspace by name: those that have the words of `search` in their name or description, and come from `origin`. */
export async function listTools(
  { tenant }: Caller,
  { search = "", origin }: Input<typeof listToolsContract>,
): Promise<ListedTools> {
  const source = openTools(tenant);
  const [tools, uses] = await Promise.all([source.find(await source.names()), toolUses(tenant)]);
  const words = search.toLowerCase().split(/\s+/);
  const fitting = tools
    .filter((tool) => origin === undefined || tool.origin === origin)
    .filter(({ name, description }) => {
      const text = `${name} ${description}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const usedBy = new Map<string, number>();
  for (const { tool } of uses) usedBy.set(tool, (usedBy.get(tool) ?? 0) + 1);
  return {
    items: fitting.slice(0, MOST_LISTED).map((tool) => makeHead(tool, usedBy.get(tool.name) ?? 0)),
    total: fitting.length,
  };
}
