import * as v from "valibot";
import { Text, whole } from "#/agents/definition/format/fields.ts";
import { RequestShape } from "#/agents/tools/http/request-shape.ts";
import { TOOL_EFFECTS, TOOL_NAME_FORM, TOOL_ORIGINS } from "#/agents/vocabulary/tool.ts";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, JsonObject } from "#/lib/http/wire.ts";

const ToolName = v.pipe(
  v.string(),
  v.regex(TOOL_NAME_FORM, "has letters, digits, _ and -, 64 at most, and begins with a letter"),
);
const params = v.object({ name: ToolName });
const Effect = v.picklist(TOOL_EFFECTS);

/** The rule of a tool: its calls are made at once, after a person's approval, never, or after an approval where a condition on their arguments holds. */
const ToolRule = v.union(
  [v.picklist(["auto", "approve", "deny"]), v.strictObject({ when: v.pipe(Text, v.maxLength(1000)) })],
  "must be auto, approve, deny or {when: <condition on args>}",
);

/** The limits of a tool: the time of a call, the part of an answer that a model is given, and the workspace's calls a minute. */
const Limits = v.strictObject({
  timeoutMs: v.optional(whole(100, 300_000)),
  bytes: v.optional(whole(100, 1_000_000)),
  perMinute: v.optional(whole(1, 100_000)),
});

const ToolHead = v.object({
  name: v.string(),
  description: v.string(),
  origin: v.picklist(TOOL_ORIGINS),
  effect: Effect,
  /** The workspace's rule for its calls; null where there is none: reads pass, and writes do as definitions say. */
  policy: v.nullable(ToolRule),
  /** The number of workflows that name it in their published version. */
  usedBy: v.number(),
});
export type ToolHead = v.InferOutput<typeof ToolHead>;

export const Tool = v.object({
  ...ToolHead.entries,
  /** The JSON Schema of its arguments. */
  input: JsonObject,
  limits: v.object({ timeoutMs: v.number(), bytes: v.number(), perMinute: v.optional(v.number()) }),
  /** The limits that the workspace has set itself. */
  ownLimits: Limits,
  /** The request of a declared tool; null for all others. */
  request: v.nullable(RequestShape),
  /** The address of the document that it was imported from; null where there was none. */
  importedFrom: v.nullable(v.string()),
  workflows: v.array(v.object({ id: Id, name: v.string() })),
});
export type Tool = v.InferOutput<typeof Tool>;

const Description = v.pipe(v.string(), v.trim(), v.minLength(1, "must not be empty"), v.maxLength(2000));

const LARGEST_SCHEMA = 65_536;
const InputSchema = v.pipe(
  JsonObject,
  v.check(
    (schema) => JSON.stringify(schema).length <= LARGEST_SCHEMA,
    `has at most ${LARGEST_SCHEMA} characters as JSON`,
  ),
);

export const CreateTool = v.strictObject({
  name: ToolName,
  description: Description,
  input: v.optional(InputSchema, { type: "object", properties: {} }),
  effect: Effect,
  request: RequestShape,
});
export type CreateTool = v.InferInput<typeof CreateTool>;

const UpdateTool = v.strictObject({
  description: v.optional(Description),
  input: v.optional(InputSchema),
  effect: v.optional(Effect),
  request: v.optional(RequestShape),
});
export type UpdateTool = v.InferInput<typeof UpdateTool>;

export const MOST_LISTED = 500;

export const listToolsContract = defineContract({
  method: "GET",
  path: "/api/v1/tools",
  summary: "List the tools that definitions of this workspace may name, by name.",
  access: "workflows:read",
  query: v.object({
    search: v.optional(v.pipe(v.string(), v.maxLength(100))),
    origin: v.optional(v.picklist(TOOL_ORIGINS)),
  }),
  responses: {
    200: {
      description: `The first ${MOST_LISTED} tools that fit, and how many there are.`,
      body: v.object({ items: v.array(ToolHead), total: v.number() }),
    },
  },
});

export const getToolContract = defineContract({
  method: "GET",
  path: "/api/v1/tools/{name}",
  summary: "Read a tool: its arguments, its rules and limits, and the workflows that name it.",
  access: "workflows:read",
  params,
  responses: { 200: { description: "The tool.", body: Tool } },
});

export const createToolContract = defineContract({
  method: "POST",
  path: "/api/v1/tools",
  summary: "Declare a request to a server as a tool.",
  access: "workflows:write",
  body: CreateTool,
  idempotent: true,
  audit: "tool.created",
  responses: { 201: { description: "The tool.", body: Tool } },
});

export const updateToolContract = defineContract({
  method: "PATCH",
  path: "/api/v1/tools/{name}",
  summary:
    "Change a declared tool. Versions that were published with it stop at it until they are published again.",
  access: "workflows:write",
  params,
  body: UpdateTool,
  audit: "tool.changed",
  responses: { 200: { description: "The tool.", body: Tool } },
});

export const deleteToolContract = defineContract({
  method: "DELETE",
  path: "/api/v1/tools/{name}",
  summary: "Delete a declared tool. Steps that name it fail from then on.",
  access: "workflows:write",
  params,
  audit: "tool.deleted",
  responses: { 204: { description: "Deleted." } },
});

export const SetToolRules = v.strictObject({
  policy: v.optional(v.nullable(ToolRule), null),
  limits: v.optional(Limits, {}),
});

export type SetToolRules = v.InferInput<typeof SetToolRules>;

export const setToolRulesContract = defineContract({
  method: "PUT",
  path: "/api/v1/tools/{name}/rules",
  summary:
    "Say when a tool may be called, and its limits, for the whole workspace. deny holds everywhere; the rest where a definition says nothing.",
  access: "settings:write",
  params,
  body: SetToolRules,
  audit: "tool.rules-set",
  responses: { 200: { description: "The tool.", body: Tool } },
});

const LARGEST_INPUT = 1_000_000;

export const tryToolContract = defineContract({
  method: "POST",
  path: "/api/v1/tools/{name}/try",
  summary: "Call a tool once, outside any run. A write is really sent.",
  access: "runs:start",
  limit: "runs",
  params,
  body: v.strictObject({
    input: v.pipe(
      JsonObject,
      v.check(
        (input) => JSON.stringify(input).length <= LARGEST_INPUT,
        `has at most ${LARGEST_INPUT} characters as JSON`,
      ),
    ),
  }),
  audit: "tool.tried",
  responses: {
    200: {
      description: "What the tool gave, or why it failed.",
      body: v.variant("ok", [
        v.object({
          ok: v.literal(true),
          /** As a model is given it: cut, with a mark, where it is longer than the tool's limit. */
          output: v.unknown(),
          isCut: v.boolean(),
          durationMs: v.number(),
        }),
        v.object({
          ok: v.literal(false),
          code: v.string(),
          message: v.string(),
          durationMs: v.number(),
        }),
      ]),
    },
  },
});

/** A longer one is read from its address. */
const LONGEST_DOCUMENT = 900_000;
const MOST_CHOSEN = 200;
const Address = v.pipe(v.string(), v.trim(), v.url(), v.maxLength(2000));

const ImportTools = v.pipe(
  v.strictObject({
    /** The document itself, JSON or YAML, or its address. */
    document: v.optional(v.pipe(v.string(), v.maxLength(LONGEST_DOCUMENT))),
    url: v.optional(Address),
    /** Names of tools begin with it: `crm` makes `crm__listUsers`. */
    prefix: v.pipe(
      v.string(),
      v.regex(
        /^[a-z][a-z0-9-]{0,29}$/,
        "has lower-case letters, digits and -, 30 at most, and begins with a letter",
      ),
    ),
    /** The address of the server; without it, the document's own. */
    baseUrl: v.optional(Address),
    /** The connection that signs requests in. */
    connection: v.optional(v.pipe(v.string(), v.maxLength(64))),
    /** The names of the tools to make. */
    operations: v.optional(v.pipe(v.array(ToolName), v.maxLength(MOST_CHOSEN))),
    /** The names of imported tools to delete, of those that the document has no more. */
    remove: v.optional(v.pipe(v.array(ToolName), v.maxLength(MOST_CHOSEN))),
  }),
  v.check(
    ({ document, url }) => (document === undefined) !== (url === undefined),
    "needs a document or its address",
  ),
);
export type ImportTools = v.InferInput<typeof ImportTools>;

const FoundTools = v.object({
  tools: v.array(
    v.object({
      name: v.string(),
      description: v.string(),
      effect: Effect,
      /** The state of the tool in the workspace: none yet, the same, or another; taken: the name is that of a tool from elsewhere. */
      state: v.picklist(["new", "same", "changed", "taken"]),
      /** The differences of the document from the tool. */
      changes: v.array(v.object({ part: v.string(), before: v.unknown(), now: v.unknown() })),
    }),
  ),
  /** Tools that were imported under the prefix, and that the document has no more. */
  missing: v.array(v.string()),
  leftOut: v.array(v.object({ operation: v.string(), message: v.string() })),
  created: v.array(v.string()),
  updated: v.array(v.string()),
  removed: v.array(v.string()),
  /** Chosen, but the tool of that name stays as it is: it is the same, or from elsewhere. */
  taken: v.array(v.string()),
});
export type FoundTools = v.InferOutput<typeof FoundTools>;

export const importToolsContract = defineContract({
  method: "POST",
  path: "/api/v1/tool-imports",
  summary:
    "Read an OpenAPI 3 document and make the chosen operations tools, or the tools that they are already what the document says now. Without a choice it only says what there is to choose from.",
  access: "workflows:write",
  body: ImportTools,
  audit: "tools.imported",
  responses: {
    200: {
      description: "The tools that the document can be, what was left out and why, and what was made.",
      body: FoundTools,
    },
  },
});
