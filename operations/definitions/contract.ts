import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, Problem, VersionNumber } from "#/lib/http/wire.ts";
import { DefinitionInput, WorkflowKind } from "#/operations/workflows/contract.ts";

/** The check of a definition as if it were published now. */
export const CheckedDefinition = v.object({
  publishable: v.boolean(),
  kind: v.nullable(WorkflowKind),
  problems: v.array(Problem),
  /** Problems that do not keep the definition from being published, and make its runs fail. */
  warnings: v.array(Problem),
});

export const checkDefinitionContract = defineContract({
  method: "POST",
  path: "/api/v1/definitions/check",
  summary:
    "Check a definition without storing it: every problem that keeps it from being published, and warnings.",
  access: "workflows:read",
  body: v.strictObject({
    definition: DefinitionInput,
    /** The workflow that it is for: what its webhooks bring counts as content from outside. */
    workflow: v.optional(Id),
  }),
  responses: { 200: { description: "What the check has found.", body: CheckedDefinition } },
});

const DefinitionChange = v.object({
  kind: v.picklist(["added", "removed", "changed"]),
  /** JSON pointer; edges and tasks stand in it by what they are called. */
  path: v.string(),
  before: v.optional(v.unknown()),
  after: v.optional(v.unknown()),
});

export const ComparedDefinitions = v.object({
  /** The version that it was compared with; null when nothing is published. */
  version: v.nullable(v.number()),
  changes: v.array(DefinitionChange),
});

export const compareDefinitionContract = defineContract({
  method: "POST",
  path: "/api/v1/definitions/compare",
  summary:
    "Compare a workflow's draft, or a given definition, with its published version or another: step by step, edge by edge, field by field.",
  access: "workflows:read",
  body: v.strictObject({
    workflow: Id,
    definition: v.optional(DefinitionInput),
    version: v.optional(VersionNumber),
  }),
  responses: { 200: { description: "The differences.", body: ComparedDefinitions } },
});
