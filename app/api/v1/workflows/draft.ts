import { readCatalogue } from "#/agents/catalogue.ts";
import { withFieldOrder } from "#/agents/definition/field-order.ts";
import { parseText } from "#/agents/definition/parse.ts";
import { type Validated, validateDefinition } from "#/agents/definition/validate.ts";
import type { Draft } from "#/db/workflows.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** A definition as it came. Text is kept as it was written; an object becomes indented JSON. */
export function readDraft(definition: string | JsonObject): Draft {
  if (typeof definition !== "string") return { document: definition, text: `${JSON.stringify(definition, null, 2)}\n` };
  const parsed = parseText(definition);
  return { document: parsed.ok ? parsed.document : null, text: definition };
}

/** Whether a draft can be published; if not, everything that is wrong with it. */
export function checkDraft(text: string): Validated {
  const parsed = parseText(text);
  if (parsed.ok) return inOrder(validateDefinition(parsed.document, readCatalogue()));
  return { ok: false, problems: parsed.problems.map(({ line, column, message }) => ({ path: "", message: `Line ${line}, column ${column}: ${message}` })) };
}

const inOrder = (checked: Validated): Validated => (checked.ok ? { ...checked, definition: withFieldOrder(checked.definition) } : checked);
