import { randomUUID } from "node:crypto";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { builtInNames } from "#/agents/tools/builtin/source.ts";
import type { Tenant } from "#/db/client.ts";
import { insertRun } from "#/db/run-lifecycle.ts";

/** The definition as publishing stores it. @throws with the problems of an invalid one */
export function publishable(document: unknown, tools: readonly string[] = builtInNames()): Definition {
  const checked = validateDefinition(document, { tools });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.definition;
}

/** Stores a workflow with one published version. @throws with the problems of an invalid definition */
export async function publish(
  tenant: Tenant,
  document: unknown,
  tools: readonly string[] = builtInNames(),
): Promise<{ readonly versionId: string; readonly workflowId: string }> {
  const definition = publishable(document, tools);
  const [versionId, workflowId] = [randomUUID(), randomUUID()];
  const text = JSON.stringify(definition);
  const base = { workspace_id: tenant.workspaceId };
  await tenant.transaction(async (trx) => {
    await trx
      .insertInto("workflows")
      .values({
        ...base,
        id: workflowId,
        name: "test",
        shares_name: true,
        draft: text,
        draft_text: text,
        published_version: 1,
      })
      .execute();
    await trx
      .insertInto("workflow_versions")
      .values({
        ...base,
        id: versionId,
        workflow_id: workflowId,
        version: 1,
        kind: definition.kind,
        definition: text,
        source: text,
      })
      .execute();
  });
  return { versionId, workflowId };
}

interface RunOptions {
  readonly input?: Readonly<Record<string, unknown>> | undefined;
  /** The tools that the definition may name; the built-in ones unless given. */
  readonly tools?: readonly string[];
}

/** Publishes a workflow and stores a run of it, which nobody has been woken for. @returns the run's id */
export async function storeRun(
  tenant: Tenant,
  document: unknown,
  { input = {}, tools }: RunOptions = {},
): Promise<string> {
  const id = randomUUID();
  await insertRun(tenant, {
    id,
    agentType: "graph",
    ...(await publish(tenant, document, tools)),
    version: 1,
    input,
    trigger: { kind: "manual" },
  });
  return id;
}
