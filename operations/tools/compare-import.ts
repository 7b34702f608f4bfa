import * as v from "valibot";
import { RequestShape } from "#/agents/tools/http/request-shape.ts";
import type { ImportedTool } from "#/agents/tools/openapi/operations.ts";
import { listDifferences, type ToolChange } from "#/agents/tools/tool-change.ts";
import type { Tenant } from "#/db/client.ts";
import { findImportedTools, type StoredTool } from "#/db/tools.ts";
import { readRequest } from "#/operations/tools/declared-tools.ts";
import { openTools } from "#/operations/tools/source.ts";

/** An operation of a document beside the tool that it is already, if it is one. */
export interface ComparedTool extends Pick<ImportedTool, "name" | "description" | "effect"> {
  readonly state: "new" | "same" | "changed" | "taken";
  readonly changes: readonly ToolChange[];
}

interface Comparison {
  readonly compared: readonly ComparedTool[];
  /** Imported under the prefix, and not in the document any more. */
  readonly missing: readonly string[];
}

/** Compares the operations of a document with the tools that were imported under a prefix. */
export async function compareImport(
  tenant: Tenant,
  prefix: string,
  tools: readonly ImportedTool[],
): Promise<Comparison> {
  const names = tools.map(({ name }) => name);
  const [imported, existing] = await Promise.all([
    findImportedTools(tenant, prefix),
    openTools(tenant).find(names),
  ]);
  const stored = new Map(imported.map((tool) => [tool.name, tool]));
  const taken = new Set(existing.map(({ name }) => name));
  return {
    compared: tools.map((tool) => compareTool(tool, stored.get(tool.name), taken)),
    missing: imported.map(({ name }) => name).filter((name) => !names.includes(name)),
  };
}

const PARTS = ["description", "effect", "input", "request"] as const;

function compareTool(
  tool: ImportedTool,
  stored: StoredTool | undefined,
  taken: ReadonlySet<string>,
): ComparedTool {
  const { name, description, effect } = tool;
  const told = { name, description, effect };
  if (!stored) return { ...told, state: taken.has(name) ? "taken" : "new", changes: [] };
  const changes = listDifferences(
    PARTS,
    { ...stored, request: readRequest(stored) },
    { ...tool, request: v.parse(RequestShape, tool.request) },
  );
  return { ...told, state: changes.length === 0 ? "same" : "changed", changes };
}
