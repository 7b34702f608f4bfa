import { parseYaml, type ParsedText, refused } from "#/agents/definition/format/parse-yaml.ts";
import { SIZES, tooLarge } from "#/agents/definition/format/sizes.ts";
import { inexactNumbersIn } from "#/lib/exact-json.ts";

export type { ParsedText } from "#/agents/definition/format/parse-yaml.ts";

/** Reads a definition from YAML or JSON (JSON is YAML). What is too large is refused before it is read. */
export function parseText(text: string): ParsedText {
  const bytes = text.length > SIZES.bytes.most ? text.length : new TextEncoder().encode(text).length;
  if (bytes > SIZES.bytes.most) return refused(tooLarge("bytes", bytes));
  return parseJson(text) ?? parseYaml(text);
}

/** The platform reads JSON a hundred times faster. Every mistake is left to the reader of YAML, which says where it is. */
function parseJson(text: string): ParsedText | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const document: unknown = JSON.parse(text);
    const isExact = countKeys(document) === countWrittenKeys(text) && inexactNumbersIn(text).length === 0;
    return isExact ? { ok: true, document } : undefined;
  } catch {
    return undefined;
  }
}

/** Of a key that is written twice, one is left. */
function countKeys(document: unknown): number {
  const open: unknown[] = [document];
  let keys = 0;
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    if (!Array.isArray(value)) keys += Object.keys(value).length;
    for (const inner of Object.values(value)) open.push(inner);
  }
  return keys;
}

/** In valid JSON only a key has a colon behind its quotes. */
const QUOTED = /"(?:[^"\\]|\\.)*"\s*(:?)/g;

function countWrittenKeys(text: string): number {
  let keys = 0;
  for (const [, colon] of text.matchAll(QUOTED)) if (colon === ":") keys += 1;
  return keys;
}
