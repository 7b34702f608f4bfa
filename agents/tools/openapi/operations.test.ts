import { expect, test } from "vitest";
import { importOperations } from "#/agents/tools/openapi/operations.ts";

const read = (paths: object, components: object = {}) =>
  importOperations(
    { openapi: "3.1.0", paths, components },
    { prefix: "crm", baseUrl: "https://api.example.com", connection: undefined },
  );
const repeat = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

test("of a document with too many operations it says how many are left out, and where the list ends", () => {
  const paths = Object.fromEntries(
    repeat(10_000, (index) => [`/p${index}`, { get: { operationId: `o${index}` } }]),
  );
  const { tools, leftOut } = read(paths);
  expect(tools).toHaveLength(1000);
  expect(leftOut).toEqual([
    {
      operation: "GET /p1000",
      message: "1000 operations are read of a document, and this one and 8999 others come after them",
    },
  ]);
});

test("the operations of a path that refers to another place are read there, and what leads out is told", () => {
  const { tools, leftOut } = read(
    {
      "/users": { $ref: "#/components/pathItems/Users" },
      "/lost": { $ref: "#/components/pathItems/Nobody" },
      "/outside": { $ref: "https://evil.test/paths.json" },
    },
    { pathItems: { Users: { get: { operationId: "listUsers" } } } },
  );
  expect(tools).toMatchObject([
    { name: "crm__listUsers", request: { url: "https://api.example.com/users" } },
  ]);
  expect(leftOut).toEqual([
    { operation: "/lost", message: "the reference #/components/pathItems/Nobody leads nowhere" },
    {
      operation: "/outside",
      message: "the reference https://evil.test/paths.json leads out of the document; bundle it first",
    },
  ]);
});

test("a reference may lead into a list, as those of bundled documents do", () => {
  const parameters = [{ name: "id", in: "query", schema: { type: "integer" } }];
  const again = [{ name: "user", in: "query", schema: { $ref: "#/paths/~1a/get/parameters/0/schema" } }];
  const { tools } = read({
    "/a": { get: { operationId: "a", parameters } },
    "/b": { get: { operationId: "b", parameters: again } },
  });
  expect(tools[1]?.input["properties"]).toEqual({ user: { type: "integer" } });
});

test("two arguments of one name are told: a call could give only one of them", () => {
  const schema = { type: "string" };
  const inPath = { name: "id", in: "path", required: true, schema };
  const content = { "application/json": { schema: { type: "object" } } };
  const { tools, leftOut } = read({
    "/a/{id}": { get: { operationId: "a", parameters: [inPath, { name: "id", in: "query", schema }] } },
    "/b": {
      post: {
        operationId: "b",
        parameters: [{ name: "body", in: "query", schema }],
        requestBody: { content },
      },
    },
    "/c/{id}": { parameters: [inPath], get: { operationId: "c", parameters: [inPath] } },
  });
  expect(tools.map(({ name }) => name)).toEqual(["crm__c"]);
  expect(leftOut).toEqual([
    { operation: "GET /a/{id}", message: "it has two arguments that are called id" },
    { operation: "POST /b", message: "it has two arguments that are called body" },
  ]);
});

test("a schema that every operation refers to is not walked through beyond what one of them may have", () => {
  let reads = 0;
  const values = new Proxy(
    repeat(100_000, (index) => index),
    {
      get: (target, key) => {
        if (typeof key === "string" && /^\d+$/.test(key)) reads += 1;
        const value: unknown = Reflect.get(target, key);
        return value;
      },
    },
  );
  const parameters = [{ name: "a", in: "query", schema: { $ref: "#/components/schemas/Large" } }];
  const paths = Object.fromEntries(
    repeat(50, (index) => [`/p${index}`, { get: { operationId: `o${index}`, parameters } }]),
  );
  const { tools } = read(paths, { schemas: { Large: { enum: values } } });
  expect(tools.map(({ input }) => input["properties"])).toStrictEqual(repeat(50, () => ({ a: {} })));
  expect(reads).toBe(0);
});
