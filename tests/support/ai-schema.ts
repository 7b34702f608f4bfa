import { toJsonSchema, type JsonSchema } from "@valibot/to-json-schema";
import { jsonSchema, type Schema } from "ai";
import * as v from "valibot";

/**
 * What JSON Schema cannot say is left out of it and enforced by validation alone.
 * The model sees the input side of the schema: what it must send, before transformations.
 */
const LEFT_TO_VALIDATION = [
  "brand",
  "check",
  "check_async",
  "flavor",
  "metadata",
  "partial_check",
  "raw_check",
  "to_lower_case",
  "trim",
];

/**
 * A Valibot schema as the AI SDK understands it, with real validation.
 * The documented path (`toStandardJsonSchema`) accepts everything: the SDK tests `"value" in result`, and Valibot's
 * failures have a `value` too (measured with provider-utils 5.0.81).
 */
export function aiSchema<S extends v.GenericSchema>(schema: S): Schema<v.InferOutput<S>> {
  const json = toJsonSchema(schema, {
    target: "draft-07",
    typeMode: "input",
    ignoreActions: LEFT_TO_VALIDATION,
    overrideSchema: closeObject,
  });
  return jsonSchema<v.InferOutput<S>>(json, {
    validate: (value) => {
      const result = v.safeParse(schema, value);
      if (result.success) return { success: true, value: result.output };
      return {
        success: false,
        error: new Error(v.summarize(result.issues), { cause: new v.ValiError(result.issues) }),
      };
    },
  });
}

/** Closes an object that lists its properties: OpenAI's strict mode demands `additionalProperties: false` everywhere. */
function closeObject({ jsonSchema: node }: { readonly jsonSchema: JsonSchema }): JsonSchema | undefined {
  const isOpen =
    node.type === "object" && node.properties !== undefined && node.additionalProperties === undefined;
  return isOpen ? { ...node, additionalProperties: false } : undefined;
}
