import type { ImportedTool } from "#/agents/tools/openapi/operations.ts";
import type { Tenant } from "#/db/client.ts";
import { deleteTool, insertTool, updateTool } from "#/db/tools.ts";
import { newId } from "#/lib/id.ts";
import type { ComparedTool } from "#/operations/tools/compare-import.ts";

interface Choice {
  readonly chosen: readonly ImportedTool[];
  readonly compared: readonly ComparedTool[];
  readonly removed: readonly string[];
  readonly importedFrom: string | null;
}

/** The outcome of a choice, by the names of the tools. */
export interface StoredChoice {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  readonly taken: readonly string[];
}

/** Makes the chosen tools, changes those that are there from the document before, and deletes those that shall go. */
export async function storeChoice(tenant: Tenant, choice: Choice): Promise<StoredChoice> {
  const { chosen, compared, removed, importedFrom } = choice;
  const states = new Map(compared.map(({ name, state }) => [name, state]));
  const created: string[] = [];
  const updated: string[] = [];
  for (const tool of chosen) {
    const state = states.get(tool.name);
    const stored = { ...tool, importedFrom };
    if (state === "new" && (await insertTool(tenant, { ...stored, id: newId(), origin: "openapi" })))
      created.push(tool.name);
    if (state === "changed" && (await updateTool(tenant, tool.name, stored))) updated.push(tool.name);
  }
  for (const name of removed) await deleteTool(tenant, name);
  const done = new Set([...created, ...updated]);
  const taken = chosen.map(({ name }) => name).filter((name) => !done.has(name));
  return { created, updated, removed, taken };
}
