import { WORKFLOW_KINDS } from "#/agents/vocabulary/workflow.ts";
import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import {
  Id,
  IdParams,
  JsonObject,
  Name,
  pageOf,
  PageQuery,
  Problem,
  SearchQuery,
  Timestamp,
  VersionNumber,
} from "#/lib/http/wire.ts";

/** cairn/v1: an object, or its YAML or JSON text, which is kept as it was written. */
export const DefinitionInput = v.union(
  [JsonObject, v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(1_000_000))],
  "must be an object, or YAML or JSON text",
);
export const WorkflowKind = v.picklist(WORKFLOW_KINDS);

export const WorkflowSummary = v.object({
  id: Id,
  name: v.string(),
  description: v.nullable(v.string()),
  /** Of the draft; null while the draft does not say. */
  kind: v.nullable(WorkflowKind),
  publishedVersion: v.nullable(v.number()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type WorkflowSummary = v.InferOutput<typeof WorkflowSummary>;

/** A workflow with its draft. The draft may be invalid: `problems` lists why it cannot be published. */
export const Workflow = v.object({
  ...WorkflowSummary.entries,
  draftText: v.string(),
  /** The number of changes of the draft. Send it along with a change, and the change is refused where somebody else was faster. */
  revision: v.number(),
  problems: v.array(Problem),
  /** Problems that do not keep the workflow from being published, and make its runs fail: secrets that are not set, schedules whose input does not fit. Checking and publishing tell the same. */
  warnings: v.array(Problem),
  /** JSON Schema of the published version's input; null without one. */
  inputSchema: v.nullable(JsonObject),
});
export type Workflow = v.InferOutput<typeof Workflow>;

export const Version = v.object({
  version: v.number(),
  kind: WorkflowKind,
  published: v.boolean(),
  createdAt: Timestamp,
  createdBy: v.nullable(v.string()),
  /** The reason for which an admin has published it against the rule of two; null where it keeps to the rule. */
  overridden: v.nullable(v.object({ reason: v.string(), by: v.nullable(v.string()) })),
});
export type Version = v.InferOutput<typeof Version>;

export const VersionDetail = v.object({ ...Version.entries, definition: JsonObject, source: v.string() });
/** A new version, with what will fail although it is published. */
export const PublishedVersion = v.object({ ...VersionDetail.entries, warnings: v.array(Problem) });
export type PublishedVersion = v.InferOutput<typeof PublishedVersion>;
export type VersionDetail = v.InferOutput<typeof VersionDetail>;

export const CreateWorkflow = v.strictObject({ name: Name, definition: DefinitionInput });
export type CreateWorkflow = v.InferInput<typeof CreateWorkflow>;

/** The revision that the caller has read: with another one nothing is changed, and the answer is 409. */
export const Revision = v.pipe(
  v.number(),
  v.integer("must be a whole number"),
  v.minValue(1),
  v.maxValue(2_147_483_647),
);

/** An admin's word that a draft may be published although it breaks the rule of two. */
const Override = v.strictObject({
  reason: v.pipe(
    v.string(),
    v.trim(),
    v.minLength(10, "must say in 10 characters or more why it may"),
    v.maxLength(1000),
  ),
});

export const UpdateWorkflow = v.strictObject({
  name: v.optional(Name),
  definition: v.optional(DefinitionInput),
  revision: v.optional(Revision),
});
export type UpdateWorkflow = v.InferInput<typeof UpdateWorkflow>;

const workflow = { 200: { description: "The workflow.", body: Workflow } } as const;

export const listWorkflowsContract = defineContract({
  method: "GET",
  path: "/api/v1/workflows",
  summary: "List workflows, the last changed first.",
  access: "workflows:read",
  /** `search`: only those whose names have these words. */
  query: v.object({ ...PageQuery, search: SearchQuery.search }),
  responses: { 200: { description: "A page of workflows.", body: pageOf(WorkflowSummary) } },
});

export const createWorkflowContract = defineContract({
  method: "POST",
  path: "/api/v1/workflows",
  summary: "Create a workflow with a draft. An invalid draft is stored too and its problems are told.",
  access: "workflows:write",
  idempotent: true,
  body: CreateWorkflow,
  audit: "workflow.created",
  responses: { 201: { description: "The new workflow.", body: Workflow } },
});

export const getWorkflowContract = defineContract({
  method: "GET",
  path: "/api/v1/workflows/{id}",
  summary: "Read a workflow and its draft.",
  access: "workflows:read",
  about: "workflow",
  params: IdParams,
  responses: workflow,
});

export const updateWorkflowContract = defineContract({
  method: "PATCH",
  path: "/api/v1/workflows/{id}",
  summary: "Change a workflow's name or draft. Published versions stay as they are.",
  access: "workflows:write",
  params: IdParams,
  body: UpdateWorkflow,
  audit: "workflow.changed",
  responses: workflow,
});

export const archiveWorkflowContract = defineContract({
  method: "DELETE",
  path: "/api/v1/workflows/{id}",
  summary: "Archive a workflow: it starts no more runs. Its runs stay readable.",
  access: "workflows:write",
  params: IdParams,
  audit: "workflow.archived",
  responses: { 204: { description: "Archived." } },
});

export const publishVersionContract = defineContract({
  method: "POST",
  path: "/api/v1/workflows/{id}/versions",
  summary:
    "Publish the draft as the next version. Refused are an invalid draft, with every problem it has, one that is the published version already, and one in which private data, content from outside and an action on the outside meet without an approval; the last an admin can override with a reason, which is audited.",
  access: "workflows:write",
  params: IdParams,
  body: v.optional(v.strictObject({ revision: v.optional(Revision), override: v.optional(Override) }), {}),
  audit: "workflow.published",
  responses: { 201: { description: "The published version.", body: PublishedVersion } },
});

export const listVersionsContract = defineContract({
  method: "GET",
  path: "/api/v1/workflows/{id}/versions",
  summary: "List versions, newest first.",
  access: "workflows:read",
  about: "workflow",
  params: IdParams,
  query: v.object(PageQuery),
  responses: { 200: { description: "A page of versions.", body: pageOf(Version) } },
});

export const getVersionContract = defineContract({
  method: "GET",
  path: "/api/v1/workflows/{id}/versions/{version}",
  summary: "Read one version.",
  access: "workflows:read",
  about: "workflow",
  params: v.object({ id: Id, version: v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/), v.toNumber()) }),
  responses: { 200: { description: "The version.", body: VersionDetail } },
});

export const rollbackContract = defineContract({
  method: "POST",
  path: "/api/v1/workflows/{id}/rollback",
  summary: "Publish an older version again.",
  access: "workflows:write",
  params: IdParams,
  body: v.strictObject({ version: VersionNumber }),
  audit: "workflow.rolled-back",
  responses: workflow,
});
