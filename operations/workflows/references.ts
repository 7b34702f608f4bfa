import { skillVersionsIn } from "#/agents/definition/check/tools.ts";
import { workflowNamesIn } from "#/agents/definition/check/workflow-names.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Tenant } from "#/db/client.ts";
import { countNames } from "#/db/workflows.ts";
import { openTools } from "#/operations/tools/source.ts";

interface CheckedReferences {
  /** Names that stand for several workflows: nobody can tell which of them a run would take; and versions of skills that there are not. */
  readonly problems: readonly Problem[];
  /** Names that stand for none yet. */
  readonly warnings: readonly Problem[];
}

/** Looks up the workflows, and the versions of skills, that steps name. */
export async function checkReferences(tenant: Tenant, definition: Definition): Promise<CheckedReferences> {
  const uses = workflowNamesIn(definition);
  const [counts, unknown] = await Promise.all([
    countNames(tenant, [...new Set(uses.map(({ name }) => name))]),
    listMissingVersions(tenant, definition),
  ]);
  const those = (isMeant: (count: number) => boolean) =>
    uses.filter(({ name }) => isMeant(counts.get(name) ?? 0));
  return {
    problems: those((count) => count > 1)
      .map(({ path, name }): Problem => ({
        path,
        message: `Several workflows are called “${name}”. Name the one that is meant by its id, or rename the others.`,
      }))
      .concat(unknown),
    warnings: those((count) => count === 0).map(({ path, name }) => ({
      path,
      message: `There is no workflow called “${name}” yet. The step fails until there is.`,
    })),
  };
}

async function listMissingVersions(tenant: Tenant, definition: Definition): Promise<readonly Problem[]> {
  const named = skillVersionsIn(definition);
  if (named.length === 0) return [];
  const found = await openTools(tenant).find([...new Set(named.map(({ name }) => name))]);
  const names = new Set(found.map(({ name }) => name));
  return named.flatMap(({ path, name }) =>
    names.has(name) ? [] : [{ path, message: `There is no version of a skill called “${name}”.` }],
  );
}
