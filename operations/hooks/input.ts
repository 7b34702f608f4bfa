import { parseJson } from "#/lib/exact-json.ts";
import { findUnusable } from "#/lib/http/json-bounds.ts";
import { type Outcome, refuse } from "#/lib/http/problem.ts";
import type { InlineFile } from "#/lib/inline-file.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** A delivery as it is kept and given to a workflow, now and when it is sent again: text as it is, a file as an object in JSON. */
export function readText(body: string | InlineFile): string {
  return typeof body === "string" ? body : JSON.stringify({ body });
}

/** Reads what a workflow gets of a delivery: a JSON object as it is, anything else under `body`. Texts that cannot be stored lose what is in the way: their senders wait for nobody to fix them. */
export function readInput(text: string): Outcome<JsonObject> {
  const value = parse(text);
  const problem = findUnusable(value, { texts: "any" });
  if (problem)
    return {
      ok: false,
      refusal: refuse("invalid-input", "The body cannot be worked with; see “errors”.", {
        errors: [problem],
      }),
    };
  return { ok: true, value: isJsonObject(value) ? value : { body: value } };
}

/** Text that is not JSON is a value too. */
function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
