import * as v from "valibot";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

const AskedQuestion = v.object({
  title: v.string(),
  description: v.optional(v.string()),
  shown: v.optional(v.unknown()),
  actions: v.pipe(v.array(v.string()), v.minLength(1)),
  form: v.optional(v.custom<JsonObject>(isJsonObject)),
});
/** A question to a person, as the log has it. */
export type AskedQuestion = v.InferOutput<typeof AskedQuestion>;

/** Reads a question to a person; undefined where a value is none. */
export function readQuestion(value: unknown): AskedQuestion | undefined {
  const read = v.safeParse(AskedQuestion, value);
  return read.success ? read.output : undefined;
}
