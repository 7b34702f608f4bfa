import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { beforeAll, expect, test } from "vitest";
import type { NamedContract } from "#/operations/contracts.ts";
import { setEnvironment } from "#/tests/support/environment.ts";

// What callers send has bounds: every number, text and list of every parameter and body, so that no column and no loop meets what it cannot take.
let contracts: readonly NamedContract[];
beforeAll(async () => {
  setEnvironment();
  contracts = (await import("#/operations/contracts.ts")).CONTRACTS;
});

type Json = Readonly<Record<string, unknown>>;

/** Free texts that only the size of the body bounds, and why that is enough. */
const BOUNDED_BY_THE_BODY: Readonly<Record<string, string>> = {
  "createDocument /text": "a document; DOCUMENT_LIMITS bounds its bytes",
};

/** The places of a schema that have no bounds. */
function unbounded(schema: unknown, place: string): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const node = schema as Json;
  const below = [
    ...["anyOf", "oneOf", "allOf"].flatMap((key) =>
      Array.isArray(node[key]) ? node[key].flatMap((item: unknown) => unbounded(item, place)) : [],
    ),
    ...Object.entries((node["properties"] ?? {}) as Json).flatMap(([key, item]) =>
      unbounded(item, `${place}/${key}`),
    ),
    ...(node["items"] === undefined ? [] : unbounded(node["items"], `${place}/*`)),
  ];
  return isBounded(node) ? below : [place, ...below];
}

function isBounded(node: Json): boolean {
  const has = (...keys: readonly string[]) => keys.every((key) => key in node);
  switch (node["type"]) {
    case "integer":
    case "number":
      return has("minimum", "maximum") || has("const") || has("enum");
    case "string":
      return has("maxLength") || has("format") || has("pattern") || has("const") || has("enum");
    case "array":
      return has("maxItems");
    default:
      return true;
  }
}

const toSchema = (schema: v.GenericSchema) =>
  toJsonSchema(schema, { typeMode: "input", errorMode: "ignore" });

test("every number, text and list that callers send has its bounds", () => {
  const found = contracts.flatMap(({ name, contract }) =>
    [contract.params, contract.query, contract.body].flatMap((schema) =>
      schema ? unbounded(toSchema(schema), "").map((place) => `${name} ${place}`) : [],
    ),
  );
  expect([...new Set(found)].toSorted()).toEqual(Object.keys(BOUNDED_BY_THE_BODY).toSorted());
});
