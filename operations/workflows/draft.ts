import { makeDraftCheck } from "#/agents/definition/check/draft-check.ts";
import { hashJson } from "#/lib/json-hash.ts";
import { withFieldOrder } from "#/agents/definition/format/field-order.ts";
import { type ParsedText, parseText } from "#/agents/definition/format/parse.ts";
import { SIZES } from "#/agents/definition/format/sizes.ts";
import { type Catalogue, type Validated, validateDefinition } from "#/agents/definition/check/validate.ts";
import type { Draft } from "#/db/workflows.ts";
import type { JsonObject } from "#/lib/json-object.ts";

/** A definition as it came, with what its check has found. Text is kept as it was written; an object becomes JSON. */
export function readDraft(definition: string | JsonObject, catalogue: Catalogue): Draft {
  const text = writeDefinition(definition);
  const parsed = parseText(text);
  return {
    document: parsed.ok ? parsed.document : null,
    text,
    check: makeDraftCheck(checkParsed(parsed, catalogue), hashJson(catalogue)),
  };
}

/** Returns the text of a definition: as it was written, or an object as JSON. */
export function writeDefinition(definition: string | JsonObject): string {
  return typeof definition === "string" ? definition : printJson(definition);
}

/** Indented, where that does not make it larger than a definition may be. */
function printJson(definition: JsonObject): string {
  const text = `${JSON.stringify(definition, null, 2)}\n`;
  return text.length > SIZES.bytes.most ? JSON.stringify(definition) : text;
}

/** Checks whether a draft can be published; if not, returns everything that is wrong with it. */
export function checkDraft(text: string, catalogue: Catalogue): Validated {
  return checkParsed(parseText(text), catalogue);
}

function checkParsed(parsed: ParsedText, catalogue: Catalogue): Validated {
  if (parsed.ok) return inOrder(validateDefinition(parsed.document, catalogue));
  return {
    ok: false,
    problems: parsed.problems.map(({ line, column, message }) => ({
      path: "",
      message: `Line ${line}, column ${column}: ${message}`,
    })),
  };
}

const inOrder = (checked: Validated): Validated =>
  checked.ok ? { ...checked, definition: withFieldOrder(checked.definition) } : checked;
