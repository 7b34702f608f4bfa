import * as v from "valibot";
import { CONNECTION_NAME, LONGEST_CONNECTION_NAME, SIGN_INS } from "#/agents/vocabulary/connection.ts";
import { MCP_SERVER_STATES } from "#/agents/vocabulary/mcp.ts";
import { TOOL_EFFECTS } from "#/agents/vocabulary/tool.ts";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, Timestamp } from "#/lib/http/wire.ts";

const Counts = v.object({
  listed: v.number(),
  chosen: v.number(),
  /** Chosen tools that the server describes otherwise than when they were taken in, or lists no more. */
  changed: v.number(),
});

const Server = v.object({
  id: Id,
  name: v.string(),
  url: v.string(),
  preset: v.nullable(v.string()),
  signIn: v.picklist(SIGN_INS),
  /** True if an OAuth sign-in has left tokens. */
  isSignedIn: v.boolean(),
  state: v.picklist(MCP_SERVER_STATES),
  /** The obstacle, in words. */
  problem: v.nullable(v.string()),
  /** Its own name for itself. */
  serverName: v.string(),
  /** The revision of the protocol that it speaks; null until it was found. */
  revision: v.nullable(v.string()),
  listedAt: v.nullable(Timestamp),
  tools: Counts,
});
export type McpServer = v.InferOutput<typeof Server>;

const Change = v.object({ part: v.string(), before: v.unknown(), now: v.unknown() });

const Tool = v.object({
  name: v.string(),
  /** The name by which models and definitions call the tool. */
  calledAs: v.string(),
  title: v.nullable(v.string()),
  description: v.string(),
  inputSchema: v.record(v.string(), v.unknown()),
  /** By the admin's word. */
  effect: v.picklist(TOOL_EFFECTS),
  /** By what the server says of it: a hint. */
  suggestedEffect: v.picklist(TOOL_EFFECTS),
  isChosen: v.boolean(),
  /** Of the form that the server lists now; null when it lists the tool no more. */
  digest: v.nullable(v.string()),
  /** The differences from the tool that was taken in. */
  changes: v.array(Change),
});
export type McpTool = v.InferOutput<typeof Tool>;

const ServerWithTools = v.object({
  ...Server.entries,
  toolList: v.array(Tool),
  /** Tools that the server lists and that cannot be used. */
  unfit: v.array(v.object({ name: v.string(), reason: v.string() })),
});
export type McpServerWithTools = v.InferOutput<typeof ServerWithTools>;

const Preset = v.object({
  key: v.string(),
  label: v.string(),
  url: v.string(),
  signIn: v.picklist(SIGN_INS),
  scopes: v.optional(v.string()),
  steps: v.array(v.string()),
  tools: v.optional(v.array(v.string())),
});
export type McpPreset = v.InferOutput<typeof Preset>;

const Short = v.pipe(v.string(), v.trim(), v.maxLength(16_384));

export const AddMcpServer = v.strictObject({
  name: v.pipe(
    v.string(),
    v.maxLength(LONGEST_CONNECTION_NAME),
    v.regex(
      CONNECTION_NAME,
      "has lower-case letters, digits and single - or _ between them, and begins with a letter",
    ),
  ),
  url: v.pipe(v.string(), v.trim(), v.maxLength(2_048)),
  preset: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/))),
  signIn: v.optional(v.picklist(SIGN_INS), "none"),
  token: v.optional(Short),
  clientId: v.optional(Short),
  clientSecret: v.optional(Short),
  scopes: v.optional(Short),
});
export type AddMcpServer = v.InferInput<typeof AddMcpServer>;

const MOST_CHANGES = 500;

export const ChangeMcpTools = v.strictObject({
  tools: v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.maxLength(128)),
        isChosen: v.optional(v.boolean()),
        effect: v.optional(v.picklist(TOOL_EFFECTS)),
        /** Takes in the form that the server lists now, if it is still the one with this digest. */
        accept: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
      }),
    ),
    v.minLength(1),
    v.maxLength(MOST_CHANGES),
  ),
});
export type ChangeMcpTools = v.InferInput<typeof ChangeMcpTools>;

export const listMcpPresetsContract = defineContract({
  method: "GET",
  path: "/api/v1/mcp-presets",
  summary: "List MCP servers that many know, with their addresses and what to do there.",
  access: "connections:read",
  responses: {
    200: {
      description: "Every preset, and the address that sign-ins come back to.",
      body: v.object({ items: v.array(Preset), redirectUri: v.string() }),
    },
  },
});

export const listMcpServersContract = defineContract({
  method: "GET",
  path: "/api/v1/mcp-servers",
  summary: "List the MCP servers of the workspace by name.",
  access: "connections:read",
  responses: { 200: { description: "All of them.", body: v.object({ items: v.array(Server) }) } },
});

export const addMcpServerContract = defineContract({
  method: "POST",
  path: "/api/v1/mcp-servers",
  summary: "Add an MCP server and read its tools. None of them can be called before it is chosen.",
  access: "connections:write",
  idempotent: true,
  body: AddMcpServer,
  audit: "mcp-server.added",
  responses: { 201: { description: "The server, with what came of asking it.", body: ServerWithTools } },
});

export const getMcpServerContract = defineContract({
  method: "GET",
  path: "/api/v1/mcp-servers/{id}",
  summary: "Read an MCP server with its tools, and what of them has changed.",
  access: "connections:read",
  params: IdParams,
  responses: { 200: { description: "The server.", body: ServerWithTools } },
});

export const refreshMcpServerContract = defineContract({
  method: "POST",
  path: "/api/v1/mcp-servers/{id}/refresh",
  summary: "Ask an MCP server anew how it is spoken to and which tools it has.",
  access: "connections:write",
  params: IdParams,
  audit: "mcp-server.refreshed",
  responses: { 200: { description: "The server, with what came of asking it.", body: ServerWithTools } },
});

export const changeMcpToolsContract = defineContract({
  method: "PATCH",
  path: "/api/v1/mcp-servers/{id}/tools",
  summary: "Choose and withdraw tools, say what they do, and accept tools that have changed.",
  access: "connections:write",
  params: IdParams,
  body: ChangeMcpTools,
  audit: "mcp-tools.changed",
  responses: { 200: { description: "The server.", body: ServerWithTools } },
});

export const signInToMcpServerContract = defineContract({
  method: "POST",
  path: "/api/v1/mcp-servers/{id}/sign-in",
  summary: "Begin a sign-in by OAuth. The person opens the address and comes back to Cairn.",
  access: "connections:write",
  params: IdParams,
  audit: "mcp-server.sign-in-begun",
  responses: { 200: { description: "Where the person lets us in.", body: v.object({ url: v.string() }) } },
});

export const removeMcpServerContract = defineContract({
  method: "DELETE",
  path: "/api/v1/mcp-servers/{id}",
  summary: "Remove an MCP server with its tools and credentials. Steps that call them fail from then on.",
  access: "connections:write",
  params: IdParams,
  audit: "mcp-server.removed",
  responses: { 204: { description: "Removed." } },
});
