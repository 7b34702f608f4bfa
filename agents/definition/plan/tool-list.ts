import type { ToolList } from "#/agents/definition/format/fields.ts";
import { parseExpression } from "#/agents/definition/expression/expression.ts";

/** A tool that is named in a definition, and where; without a name, an expression gives names that are known at run time. */
export interface PlacedTool {
  readonly place: readonly (string | number)[];
  readonly name: string | undefined;
}

/** Lists the tools of a list, or those that its expression writes out. */
export function listPlacedTools(tools: ToolList): readonly PlacedTool[] {
  if (typeof tools !== "string") return tools.map((name, index) => ({ place: [index], name }));
  const { texts, isOpen } = readExpression(tools);
  const written = texts.map((name) => ({ place: [], name }));
  return isOpen ? [...written, { place: [], name: undefined }] : written;
}

/** Returns the names that are written out. */
export const listToolNames = (tools: ToolList): readonly string[] =>
  listPlacedTools(tools).flatMap(({ name }) => name ?? []);

/** Returns whether names may come that are written out nowhere. */
export const isOpenList = (tools: ToolList): boolean =>
  listPlacedTools(tools).some(({ name }) => name === undefined);

/** An expression that cannot be read is told of where texts are checked. */
function readExpression(source: string) {
  try {
    return parseExpression(source).results;
  } catch {
    return { texts: [], isOpen: false };
  }
}
