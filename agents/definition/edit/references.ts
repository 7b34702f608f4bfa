import { splitTemplate } from "#/agents/definition/expression/template.ts";
import type { Change, Path } from "#/agents/definition/edit/change.ts";
import { isJsonObject } from "#/lib/json-object.ts";

export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** Fields whose whole text is an expression; elsewhere expressions stand in `{{ … }}`. */
const EXPRESSIONS: ReadonlySet<string | number> = new Set(["if", "when"]);

/** Returns the texts under a place that read a key of the state, with the key's new name. */
export function renameReads(value: unknown, path: Path, renaming: Renaming): readonly Change[] {
  if (typeof value === "string") {
    if (!value.includes("state")) return [];
    const isExpression = EXPRESSIONS.has(path.at(-1) ?? "");
    const renamed = isExpression ? renameInExpression(value, renaming) : renameInTemplate(value, renaming);
    return renamed === value ? [] : [{ set: path, value: renamed }];
  }
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => renameReads(item, [...path, index], renaming));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => renameReads(inner, [...path, key], renaming));
}

/** Everything outside the expressions keeps its characters. */
function renameInTemplate(template: string, renaming: Renaming): string {
  let done = "";
  let at = 0;
  for (const piece of splitTemplate(template)) {
    if (!("expression" in piece)) continue;
    const from = template.indexOf(piece.expression, template.indexOf("{{", at) + 2);
    done += template.slice(at, from) + renameInExpression(piece.expression, renaming);
    at = from + piece.expression.length;
  }
  return done + template.slice(at);
}

/** A quoted text, or a fixed member of the state: `state.name`, `state["name"]`. */
const MEMBER =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![\w.])state(?:\s*\.\s*([A-Za-z_]\w*)|\s*\[\s*("[^"\\]*"|'[^'\\]*')\s*\])/g;
const PLAIN_MEMBER = /^[A-Za-z_]\w*$/;
/** Words that CEL keeps for itself cannot follow a point. */
const KEPT: ReadonlySet<string> = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

function renameInExpression(expression: string, { from, to }: Renaming): string {
  return expression.replaceAll(MEMBER, (match: string, member?: string, quoted?: string) => {
    if ((member ?? quoted?.slice(1, -1)) !== from) return match;
    if (quoted !== undefined) return `state[${quoted.replace(from, () => to)}]`;
    return PLAIN_MEMBER.test(to) && !KEPT.has(to) ? `state.${to}` : `state["${to}"]`;
  });
}
