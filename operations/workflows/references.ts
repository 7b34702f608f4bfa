import { workflowNamesIn } from "#/agents/definition/check/workflow-names.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Tenant } from "#/db/client.ts";
import { countNames } from "#/db/workflows.ts";

interface CheckedReferences {
  /** Names that stand for several workflows: nobody can tell which of them a run would take. */
  readonly problems: readonly Problem[];
  /** Names that stand for none yet. */
  readonly warnings: readonly Problem[];
}

/** Looks up the workflows that steps name. */
export async function checkReferences(tenant: Tenant, definition: Definition): Promise<CheckedReferences> {
  const uses = workflowNamesIn(definition);
  const counts = await countNames(tenant, [...new Set(uses.map(({ name }) => name))]);
  const those = (isMeant: (count: number) => boolean) =>
    uses.filter(({ name }) => isMeant(counts.get(name) ?? 0));
  return {
    problems: those((count) => count > 1).map(({ path, name }) => ({
      path,
      message: `Several workflows are called “${name}”. Name the one that is meant by its id, or rename the others.`,
    })),
    warnings: those((count) => count === 0).map(({ path, name }) => ({
      path,
      message: `There is no workflow called “${name}” yet. The step fails until there is.`,
    })),
  };
}
