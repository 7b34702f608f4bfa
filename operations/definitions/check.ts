import { parseText } from "#/agents/definition/format/parse.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { WORKFLOW_KINDS, type WorkflowKind } from "#/agents/vocabulary/workflow.ts";
import type { Input } from "#/lib/http/contract.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import type { Caller } from "#/operations/caller.ts";
import type { checkDefinitionContract } from "#/operations/definitions/contract.ts";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { checkInWorkspace } from "#/operations/workflows/check-in-workspace.ts";
import { checkDraft, writeDefinition } from "#/operations/workflows/draft.ts";
import { checkRuleOfTwo } from "#/operations/workflows/rule-of-two.ts";

interface Checked {
  readonly publishable: boolean;
  readonly kind: WorkflowKind | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Checks a definition as publishing does, and stores nothing. Problems are told with JSON pointers, those of the text with line and column. */
export async function checkDefinition(
  { tenant }: Caller,
  { definition, workflow }: Input<typeof checkDefinitionContract>,
): Promise<Checked> {
  const text = writeDefinition(definition);
  const checked = checkDraft(text, await readCatalogue(tenant));
  if (!checked.ok)
    return { publishable: false, kind: readKind(text), problems: checked.problems, warnings: [] };
  const found = await checkInWorkspace(tenant, checked, workflow);
  const problems = found.problems.concat(await checkRuleOfTwo(tenant, checked.definition, workflow));
  return {
    publishable: problems.length === 0,
    kind: checked.definition.kind,
    problems,
    warnings: found.warnings,
  };
}

function readKind(text: string): WorkflowKind | null {
  const parsed = parseText(text);
  const kind = parsed.ok && isJsonObject(parsed.document) ? parsed.document["kind"] : undefined;
  return WORKFLOW_KINDS.find((known) => known === kind) ?? null;
}
