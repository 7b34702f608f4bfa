import type { RequestShape } from "#/agents/tools/http/request-shape.ts";
import { CannotImport, References } from "#/agents/tools/openapi/references.ts";
import type { ToolEffect } from "#/agents/vocabulary/tool.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** An operation of an OpenAPI document, as the tool that it would be. */
export interface ImportedTool {
  readonly name: string;
  readonly description: string;
  readonly effect: ToolEffect;
  readonly input: JsonObject;
  readonly request: RequestShape;
}

/** An operation that cannot be a tool, and why. */
interface LeftOut {
  readonly operation: string;
  readonly message: string;
}

export interface ImportedTools {
  readonly tools: readonly ImportedTool[];
  readonly leftOut: readonly LeftOut[];
}

interface ImportOptions {
  /** Names of tools begin with it. */
  readonly prefix: string;
  /** The address of the server that the document describes. */
  readonly baseUrl: string;
  readonly connection: string | undefined;
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;
type Method = (typeof METHODS)[number];
const EFFECTS: Readonly<Record<Method, ToolEffect>> = {
  get: "read",
  post: "write",
  put: "write",
  patch: "write",
  delete: "write",
};
const MOST_OPERATIONS = 1000;
const LONGEST_NAME = 64;
const LONGEST_DESCRIPTION = 1000;
const LARGEST_SCHEMA = 60_000;

interface Operation {
  readonly path: string;
  readonly method: Method;
  readonly operation: JsonObject;
  /** Parameters that stand beside it, for all operations of its path. */
  readonly shared: unknown;
}

/** Returns the tools that a document's operations are: GET reads, everything else writes. */
export function importOperations(document: JsonObject, options: ImportOptions): ImportedTools {
  const tools = new Map<string, ImportedTool>();
  const { operations, leftOut } = findOperations(document);
  for (const operation of operations.slice(0, MOST_OPERATIONS)) {
    const made = makeTool(document, operation, options);
    if ("message" in made) leftOut.push({ operation: label(operation), message: made.message });
    else if (tools.has(made.name))
      leftOut.push({ operation: label(operation), message: `another operation is called ${made.name}` });
    else tools.set(made.name, made);
  }
  return { tools: [...tools.values()], leftOut: [...leftOut, ...tooMany(operations)] };
}

const label = ({ method, path }: Operation) => `${method.toUpperCase()} ${path}`;

function tooMany(operations: readonly Operation[]): readonly LeftOut[] {
  const first = operations[MOST_OPERATIONS];
  if (!first) return [];
  const others = operations.length - MOST_OPERATIONS - 1;
  const message = `${MOST_OPERATIONS} operations are read of a document, and this one and ${others} others come after them`;
  return [{ operation: label(first), message }];
}

function findOperations(document: JsonObject): { operations: Operation[]; leftOut: LeftOut[] } {
  const { paths } = document;
  const references = new References(document);
  const operations: Operation[] = [];
  const leftOut: LeftOut[] = [];
  for (const [path, item] of Object.entries(isJsonObject(paths) ? paths : {}))
    try {
      operations.push(...listOperations(path, references.follow(item)));
    } catch (error) {
      leftOut.push({ operation: path, message: sayWhy(error) });
    }
  return { operations, leftOut };
}

function listOperations(path: string, item: unknown): readonly Operation[] {
  if (!isJsonObject(item)) return [];
  return METHODS.flatMap((method): Operation[] => {
    const operation = item[method];
    return isJsonObject(operation) ? [{ path, method, operation, shared: item["parameters"] }] : [];
  });
}

/** @throws what keeps more from being read than one operation */
function sayWhy(error: unknown): string {
  if (error instanceof CannotImport) return error.message;
  throw error;
}

function makeTool(
  document: JsonObject,
  operation: Operation,
  options: ImportOptions,
): ImportedTool | { readonly message: string } {
  try {
    const { input, places } = readArguments(new References(document), operation);
    if (JSON.stringify(input).length > LARGEST_SCHEMA)
      return { message: `its arguments have more than ${LARGEST_SCHEMA} characters as JSON` };
    return {
      name: nameTool(operation, options.prefix),
      description: describe(operation),
      effect: EFFECTS[operation.method],
      input,
      request: {
        method: METHOD_NAMES[operation.method],
        url: `${options.baseUrl.replace(/\/+$/, "")}${operation.path}`,
        headers: {},
        places,
        ...(options.connection !== undefined && { connection: options.connection }),
      },
    };
  } catch (error) {
    return { message: sayWhy(error) };
  }
}

const METHOD_NAMES: Readonly<Record<Method, RequestShape["method"]>> = {
  get: "GET",
  post: "POST",
  put: "PUT",
  patch: "PATCH",
  delete: "DELETE",
};

/** Characters that models' providers do not take are replaced. */
function nameTool({ operation, method, path }: Operation, prefix: string): string {
  const id = typeof operation["operationId"] === "string" ? operation["operationId"] : `${method}${path}`;
  const plain = id.replaceAll(/[^a-zA-Z0-9_-]+/g, "_").replaceAll(/^[_-]+|[_-]+$/g, "");
  return `${prefix}__${plain}`.slice(0, LONGEST_NAME);
}

function describe({ operation, method, path }: Operation): string {
  const texts = [operation["summary"], operation["description"]].filter((text) => typeof text === "string");
  const text = [...new Set(texts)].join("\n").trim();
  return (text === "" ? `${method.toUpperCase()} ${path}` : text).slice(0, LONGEST_DESCRIPTION);
}

type Places = RequestShape["places"];
const PLACES: ReadonlyMap<unknown, Places[string]> = new Map([
  ["path", "path"],
  ["query", "query"],
  ["header", "header"],
] as const);
/** Headers that the connection and the body set, and no argument. */
const OWN_HEADERS = new Set(["authorization", "accept", "content-type", "host", "cookie", "content-length"]);
const BODY = "body";

interface Argument {
  readonly name: string;
  readonly place: Places[string];
  readonly isRequired: boolean;
  readonly schema: unknown;
}

function readArguments(references: References, operation: Operation) {
  const given = [...readParameters(references, operation), ...readBody(references, operation)];
  const names = given.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new CannotImport(`it has two arguments that are called ${twice}`);
  const input: JsonObject = {
    type: "object",
    properties: Object.fromEntries(given.map(({ name, schema }) => [name, schema])),
    required: given.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    additionalProperties: false,
  };
  return { input, places: Object.fromEntries(given.map(({ name, place }) => [name, place])) };
}

function readParameters(references: References, { operation, shared }: Operation): readonly Argument[] {
  const listed = [shared, operation["parameters"]].flatMap((list) => (Array.isArray(list) ? list : []));
  const byPlace = new Map<string, Argument>();
  for (const item of listed) {
    const argument = readParameter(references, references.follow(item));
    if (argument) byPlace.set(`${argument.place} ${argument.name}`, argument);
  }
  return [...byPlace.values()];
}

function readParameter(references: References, parameter: unknown): Argument | undefined {
  if (!isJsonObject(parameter) || typeof parameter["name"] !== "string") return undefined;
  const { name, in: where, required, schema, description } = parameter;
  const place = PLACES.get(where);
  if (place === undefined || (place === "header" && OWN_HEADERS.has(name.toLowerCase()))) return undefined;
  const resolved = references.resolve(schema ?? {});
  return {
    name,
    place,
    isRequired: place === "path" || required === true,
    schema: {
      ...(isJsonObject(resolved) && resolved),
      ...(typeof description === "string" && { description }),
    },
  };
}

function readBody(references: References, { operation }: Operation): readonly Argument[] {
  const body = references.follow(operation["requestBody"]);
  if (!isJsonObject(body) || !isJsonObject(body["content"])) return [];
  const [, media] =
    Object.entries(body["content"]).find(([type]) => /^application\/(?:[a-z.+-]*\+)?json\b/i.test(type)) ??
    [];
  if (!isJsonObject(media)) return [];
  const schema = references.resolve(media["schema"] ?? {});
  return [{ name: BODY, place: "content", isRequired: body["required"] === true, schema }];
}
