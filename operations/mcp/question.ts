import * as v from "valibot";
import type { Approval } from "#/db/approvals.ts";
import { valuesRule } from "#/agents/definition/schema/decision-rule.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** A field of a form that the protocol's clients can show: flat, and of a simple type. */
type FlatField = Readonly<Record<string, unknown>> & { readonly type: string };

/** The question of an approval as the client of the protocol shows it to its user. */
export interface Question {
  readonly message: string;
  readonly requestedSchema: {
    readonly type: "object";
    readonly properties: Readonly<Record<string, FlatField>>;
    readonly required: readonly string[];
  };
}

const MOST_SHOWN = 4_000;
/** A field that holds values as JSON, where the approval's form is more than flat. */
const AS_JSON = "values";

/** Turns an approval into a question: which action, with a comment, and the fields of its form. */
export function phraseQuestion(approval: Approval): Question {
  const { title, description, shown, actions, form } = approval;
  return {
    message: [title, description, shownText(shown)].filter(Boolean).join("\n\n"),
    requestedSchema: {
      type: "object",
      properties: {
        action: { type: "string", title: "Decision", enum: [...actions] },
        comment: { type: "string", title: "Comment", maxLength: 4_000 },
        ...(form && fieldsFor(form)),
      },
      required: ["action"],
    },
  };
}

function shownText(shown: unknown): string {
  if (shown === null || shown === undefined) return "";
  const text = typeof shown === "string" ? shown : JSON.stringify(shown, null, 2);
  return text.length > MOST_SHOWN
    ? `${text.slice(0, MOST_SHOWN)}\n[Cut: ${MOST_SHOWN} of ${text.length} characters; the whole is in the inbox.]`
    : text;
}

function fieldsFor(form: JsonObject): Readonly<Record<string, FlatField>> {
  const flat = flatFields(form);
  if (flat) return flat;
  const schema = JSON.stringify(form).slice(0, MOST_SHOWN);
  return {
    [AS_JSON]: { type: "string", title: "Values", description: `JSON that fits this schema: ${schema}` },
  };
}

const RESERVED: ReadonlySet<string> = new Set(["action", "comment", AS_JSON]);
const KEPT = ["title", "description", "minLength", "maxLength", "minimum", "maximum", "enum", "default"];
const FORMATS: ReadonlySet<string> = new Set(["email", "uri", "date", "date-time"]);

/** The fields of a form; undefined when one of them is more than the protocol can show. */
function flatFields({ properties }: JsonObject): Readonly<Record<string, FlatField>> | undefined {
  if (!isJsonObject(properties)) return undefined;
  const fields = Object.entries(properties).map(([name, property]) => [name, flatField(property)] as const);
  return fields.every((field): field is readonly [string, FlatField] => field[1] !== undefined) &&
    fields.every(([name]) => !RESERVED.has(name))
    ? Object.fromEntries(fields)
    : undefined;
}

function flatField(property: unknown): FlatField | undefined {
  if (!isJsonObject(property)) return undefined;
  const { type, format } = property;
  if (typeof type !== "string" || !["string", "number", "integer", "boolean"].includes(type))
    return undefined;
  const choices = property["enum"];
  // Choices are of texts alone there.
  if (choices !== undefined && !(Array.isArray(choices) && choices.every((it) => typeof it === "string")))
    return undefined;
  return {
    type,
    ...(typeof format === "string" && FORMATS.has(format) && { format }),
    ...Object.fromEntries(
      KEPT.filter((key) => Object.hasOwn(property, key)).map((key) => [key, property[key]]),
    ),
  };
}

const Response = v.variant("action", [
  v.looseObject({ action: v.literal("accept"), content: v.record(v.string(), v.unknown()) }),
  v.looseObject({ action: v.picklist(["decline", "cancel"]) }),
]);

export interface Decision {
  readonly action: unknown;
  readonly comment?: unknown;
  readonly values?: unknown;
}

/** Reads what the user has answered; undefined when the user did not want to, or the answer is none: the approval then stays open. */
export function readDecision(approval: Approval, response: unknown): Decision | undefined {
  const read = v.safeParse(Response, response);
  if (!read.success || read.output.action !== "accept") return undefined;
  const { action, comment, ...fields } = read.output.content;
  const takesValues =
    typeof action === "string" && approval.form !== null && valuesRule(approval.actions, action) !== "none";
  return {
    action,
    ...(comment !== undefined && comment !== "" && { comment }),
    ...(takesValues && { values: readValues(approval.form ?? {}, fields) }),
  };
}

function readValues(form: JsonObject, fields: JsonObject): unknown {
  if (flatFields(form)) return fields;
  const given = fields[AS_JSON];
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given);
  } catch {
    // As it is, it does not fit the form, and the refusal says so.
    return given;
  }
}
