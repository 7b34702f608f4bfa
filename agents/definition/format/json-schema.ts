import { toJsonSchema } from "@valibot/to-json-schema";
import { Definition } from "#/agents/definition/format/definition.ts";

/** JSON Schema of cairn/v1, for editors and other tools. Checks that JSON Schema cannot say are left to the validation. */
export function definitionJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $id: "/schema/cairn-v1.json",
    title: "cairn/v1",
    ...toJsonSchema(Definition, { typeMode: "input", errorMode: "ignore" }),
  };
}
