import { parseJson } from "#/lib/exact-json.ts";

/** The text that models put around JSON: what they thought, and a fence. */
const THOUGHT = /<(think|thinking|reasoning)>[\s\S]*?(?:<\/\1>|$)/gi;
const FENCE = /```(?:json5?)?\s*([\s\S]*?)```/i;
const OPENING = /[{[]/;
/** A candidate costs one parse, so a text full of brackets is looked at only so often. */
const MOST_CANDIDATES = 20;

/** Reads the JSON in a model's answer, whatever stands around it. @returns undefined where there is none */
export function readJsonAnswer(text: string): { readonly value: unknown } | undefined {
  const said = text.replaceAll(THOUGHT, "").trim();
  const fenced = FENCE.exec(said)?.[1]?.trim();
  return parsed(said) ?? (fenced === undefined ? undefined : parsed(fenced)) ?? firstIn(said);
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: parseJson(text) };
  } catch {
    return undefined;
  }
}

/** The first object or list that is whole. */
function firstIn(text: string): { readonly value: unknown } | undefined {
  let at = text.search(OPENING);
  for (let candidate = 0; at !== -1 && candidate < MOST_CANDIDATES; candidate += 1) {
    const end = findEnd(text, at);
    const found = end === -1 ? undefined : parsed(text.slice(at, end + 1));
    if (found) return found;
    const next = text.slice(at + 1).search(OPENING);
    at = next === -1 ? -1 : at + 1 + next;
  }
  return undefined;
}

/** A text or a bracket; what stands in texts opens and closes nothing. A text that is never closed goes to the end, or every quote in it would be tried as a beginning. */
const TOKEN = /"(?:[^"\\]|\\[\s\S]?)*(?:"|$)|[{}[\]]/g;

/** Finds where the bracket that opens at `from` is closed; -1 where it is not. */
function findEnd(text: string, from: number): number {
  let depth = 0;
  for (const { 0: token, index } of text.slice(from).matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    if (depth === 0) return from + index;
  }
  return -1;
}
