import { type Change, compareDefinitions } from "#/agents/definition/compare/compare.ts";
import { parseText } from "#/agents/definition/format/parse.ts";
import type { Tenant } from "#/db/client.ts";
import { getVersion } from "#/db/versions.ts";
import { getWorkflow, type Workflow } from "#/db/workflows.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import type { Caller } from "#/operations/caller.ts";
import type { compareDefinitionContract } from "#/operations/definitions/contract.ts";
import { writeDefinition } from "#/operations/workflows/draft.ts";
import { noSuchWorkflow } from "#/operations/workflows/refusals.ts";

interface Compared {
  readonly version: number | null;
  readonly changes: readonly Change[];
}

/**
 * Tells how a workflow's draft, or the given definition, differs from its published version or another one; from nothing where none is published. Refuses with
 * `not-found` and, where a text cannot be read, with `invalid-definition`.
 */
export async function compareDefinition(
  { tenant }: Caller,
  { workflow: id, definition, version }: Input<typeof compareDefinitionContract>,
): Promise<Compared | Refusal> {
  const workflow = await getWorkflow(tenant, id);
  if (!workflow) return noSuchWorkflow;
  const number = version ?? workflow.publishedVersion;
  const before = number === null ? {} : await readVersion(tenant, id, number);
  if (!before) return notFound("version");
  const after = readDefinition(definition, workflow);
  if (!after) return UNREADABLE;
  return { version: number, changes: compareDefinitions(before, after) };
}

/** A version as it was written: what publishing has added to it is no difference. */
async function readVersion(tenant: Tenant, id: string, version: number): Promise<JsonObject | undefined> {
  const stored = await getVersion(tenant, id, version);
  return stored && (readText(stored.source) ?? stored.definition);
}

function readDefinition(
  given: string | JsonObject | undefined,
  { draftText }: Workflow,
): JsonObject | undefined {
  return readText(given === undefined ? draftText : writeDefinition(given));
}

function readText(text: string): JsonObject | undefined {
  const parsed = parseText(text);
  return parsed.ok && isJsonObject(parsed.document) ? parsed.document : undefined;
}

const UNREADABLE = refuse(
  "invalid-definition",
  "The text cannot be read as YAML or JSON. POST /api/v1/definitions/check says where.",
);
