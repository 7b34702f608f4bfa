import * as v from "valibot";
import { SCOPES } from "#/lib/auth/permissions.ts";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, Name, pageOf, PageQuery, Timestamp } from "#/lib/http/wire.ts";

export const ApiKey = v.object({
  id: Id,
  name: v.string(),
  /** The beginning of the key, to tell keys apart. */
  prefix: v.string(),
  scopes: v.array(v.string()),
  /** The workflows that its scopes confine it to, by their names; null: the whole workspace. */
  workflows: v.nullable(v.array(v.object({ id: Id, name: v.string() }))),
  createdAt: Timestamp,
  lastUsedAt: v.nullable(Timestamp),
  /** From this moment on it is refused; null: it is valid until somebody revokes it. */
  expiresAt: v.nullable(Timestamp),
  revokedAt: v.nullable(Timestamp),
});
export type ApiKey = v.InferOutput<typeof ApiKey>;

/** Confines the key to a workflow, its runs and their approvals: `workflow:<id>`. What it may do there, the other scopes say. */
const WorkflowScope = v.pipe(
  v.string(),
  v.toLowerCase(),
  v.regex(/^workflow:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "must be workflow:<id>"),
);
export const MOST_WORKFLOWS = 20;
const MOST_SCOPES = SCOPES.length + MOST_WORKFLOWS;

export const CreateApiKey = v.strictObject({
  name: Name,
  scopes: v.pipe(
    v.array(v.union([v.picklist(SCOPES), WorkflowScope], "must be a scope, or workflow:<id>")),
    v.minLength(1, "must name a scope"),
    v.maxLength(MOST_SCOPES),
  ),
  /** At most five years from now. Without it the key is valid until somebody revokes it. */
  expiresAt: v.optional(v.nullable(v.pipe(Timestamp, v.maxLength(40))), null),
});
export type CreateApiKey = v.InferInput<typeof CreateApiKey>;

/** `key` is shown here and never again. */
export const CreatedApiKey = v.object({ ...ApiKey.entries, key: v.string(), workspaceId: Id });
export type CreatedApiKey = v.InferOutput<typeof CreatedApiKey>;

export const listApiKeysContract = defineContract({
  method: "GET",
  path: "/api/v1/api-keys",
  summary: "List API keys, newest first, revoked ones included.",
  access: "keys:write",
  query: v.object(PageQuery),
  responses: { 200: { description: "A page of API keys.", body: pageOf(ApiKey) } },
});

export const createApiKeyContract = defineContract({
  method: "POST",
  path: "/api/v1/api-keys",
  summary: "Create an API key. It is shown in this answer only.",
  access: "keys:write",
  body: CreateApiKey,
  idempotent: true,
  audit: "api-key.created",
  responses: { 201: { description: "The new key.", body: CreatedApiKey } },
});

export const revokeApiKeyContract = defineContract({
  method: "DELETE",
  path: "/api/v1/api-keys/{id}",
  summary: "Revoke an API key. It is refused from then on.",
  access: "keys:write",
  params: IdParams,
  audit: "api-key.revoked",
  responses: { 204: { description: "Revoked." } },
});
