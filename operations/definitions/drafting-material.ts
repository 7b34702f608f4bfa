import "server-only";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type OfferedTool, writeDraftingInstructions } from "#/agents/definition/drafting/drafting-prompt.ts";
import type { Tenant } from "#/db/client.ts";
import { listWorkflows } from "#/db/workflows.ts";
import { openTools } from "#/operations/tools/source.ts";

/** The text that coding agents learn the format from; `next.config.mjs` sees to it that it is there. */
const SKILL = "skills/cairn-workflows/SKILL.md";

let instructions: Promise<string> | undefined;

/** Returns what every model is told that drafts. */
export function readDraftingInstructions(): Promise<string> {
  instructions ??= readFile(path.join(process.cwd(), SKILL), "utf8").then(writeDraftingInstructions);
  return instructions;
}

const MOST_TOOLS = 100;
const MOST_WORKFLOWS = 50;

/** Returns what a definition of the workspace may name. */
export async function readOffer(
  tenant: Tenant,
): Promise<{ readonly tools: readonly OfferedTool[]; readonly workflows: readonly string[] }> {
  const source = openTools(tenant);
  const [names, workflows] = await Promise.all([
    source.names(),
    listWorkflows(tenant, { limit: MOST_WORKFLOWS, cursor: undefined }),
  ]);
  const tools = await source.find(names.slice(0, MOST_TOOLS));
  return { tools, workflows: workflows.items.map(({ name }) => name) };
}
