import { jsonSchema, Output } from "ai";
import { toWireSchema } from "#/agents/models/wire-schema.ts";
import type { JsonObject } from "#/lib/json-object.ts";

/**
 * The ways to ask for JSON, best first: a schema that the provider keeps to, one that it tries to keep to, JSON of any shape, and words.
 * Which of them a server takes is found out by asking.
 */
const FORMS = ["strict", "schema", "json", "words"] as const;
export type AnswerForm = (typeof FORMS)[number];

/** The words of a server that does not take a form. */
const REFUSALS =
  /response_?(?:format|schema)|response mime type|output_?(?:format|config|schema)|json_?schema|structured output|json_object|json mode|guided|grammar|too many states/i;
const MOST_REMEMBERED = 500;

/** The form that a model has last taken for a schema. Forgotten with the process: it costs one refused request to find out again. */
const taken = new Map<string, AnswerForm>();

const keyOf = (model: string, schema: JsonObject) => `${model} ${JSON.stringify(schema)}`;

/** Returns the form to begin with. */
export function firstForm(model: string, schema: JsonObject): AnswerForm {
  return taken.get(keyOf(model, schema)) ?? (toWireSchema(schema).strict ? "strict" : "schema");
}

/** Returns the form to try after a refusal; undefined where the refusal is about something else. */
export function nextForm(form: AnswerForm, refusal: string): AnswerForm | undefined {
  return REFUSALS.test(refusal) ? FORMS[FORMS.indexOf(form) + 1] : undefined;
}

export function rememberForm(model: string, schema: JsonObject, form: AnswerForm): void {
  if (taken.size >= MOST_REMEMBERED) taken.clear();
  taken.set(keyOf(model, schema), form);
}

/** Returns what is added to the options of a request. */
export function formOptions(form: AnswerForm, schema: JsonObject) {
  const wire = toWireSchema(schema);
  const isStrict = form === "strict";
  if (!isStrict && form !== "schema") return form === "json" ? { output: Output.json() } : {};
  const asked = isStrict ? wire.schema : { ...wire.schema };
  return {
    output: Output.object({ schema: jsonSchema(asked) }),
    providerOptions: { llm: { strictJsonSchema: isStrict }, openai: { strictJsonSchema: isStrict } },
  };
}

/** Returns what the model is told where no schema goes along. */
export function formWords(form: AnswerForm, schema: JsonObject): string | undefined {
  if (form === "strict" || form === "schema") return undefined;
  return `Answer with JSON only, without any text around it. It must fit this JSON Schema:\n${JSON.stringify(toWireSchema(schema).schema)}`;
}
