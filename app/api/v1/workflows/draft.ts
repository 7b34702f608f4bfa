import { catalogue } from "#/agents/catalogue.ts";
import { parseText } from "#/agents/definition/parse.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/schema.ts";
import { validateDefinition } from "#/agents/definition/validate.ts";
import type { Draft } from "#/db/workflows.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** A definition as it came. Text is kept as it was written; an object becomes indented JSON. */
export function readDraft(definition: string | JsonObject): Draft {
  if (typeof definition !== "string") return { document: definition, text: `${JSON.stringify(definition, null, 2)}\n` };
  const parsed = parseText(definition);
  return { document: parsed.ok ? parsed.document : null, text: definition };
}

export type CheckedDraft = { readonly ok: true; readonly definition: Definition } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Whether a draft can be published; if not, everything that is wrong with it. */
export function checkDraft(text: string): CheckedDraft {
  const parsed = parseText(text);
  if (parsed.ok) return validateDefinition(parsed.document, catalogue);
  return { ok: false, problems: parsed.problems.map(({ line, column, message }) => ({ path: "", message: `Line ${line}, column ${column}: ${message}` })) };
}
