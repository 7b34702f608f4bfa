import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { toLabel } from "#/lib/label.ts";

/** The title of a step. One with expressions only makes sense once it is filled in. */
export function titleOfStep(id: string, step: JsonObject): string {
  const title = step["title"];
  return typeof title === "string" && title !== "" && !title.includes("{{") ? title : toLabel(id);
}

/** Names the steps of an outline, also a step that the outline does not have. */
export function indexTitles(
  nodes: readonly { readonly id: string; readonly title: string }[],
): (step: string) => string {
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  return (step) => titles.get(step) ?? toLabel(step);
}

/** The fields that tell best what a step does; the first that has a text is shown. */
const TELLING = [
  "description",
  "prompt",
  "goal",
  "query",
  "url",
  "tool",
  "workflow",
  "until",
  "for",
  "event",
  "items",
  "source",
  "values",
  "body",
] as const;
const LONGEST = 120;

/** Returns the first line of what a step does. */
export function summarizeStep(step: JsonObject): string | undefined {
  for (const field of TELLING) {
    const line = firstLine(told(step[field]));
    if (line !== "") return line;
  }
  return undefined;
}

function told(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (!isJsonObject(value)) return "";
  // An event is known by its key, other objects by the names of what they hold.
  return typeof value["key"] === "string" ? value["key"] : Object.keys(value).slice(0, 10).join(", ");
}

function firstLine(text: string): string {
  const line = text.trimStart().split("\n", 1)[0]?.trim() ?? "";
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
