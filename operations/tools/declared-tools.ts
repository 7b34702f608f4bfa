import * as v from "valibot";
import { textSecretNames } from "#/agents/definition/check/secret-names.ts";
import { declaredTool } from "#/agents/tools/declared-tool.ts";
import { RequestShape } from "#/agents/tools/http/request-shape.ts";
import { runRequest } from "#/agents/tools/http/run-request.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import type { Capability } from "#/agents/vocabulary/capability.ts";
import type { ToolEffect } from "#/agents/vocabulary/tool.ts";
import type { Tenant } from "#/db/client.ts";
import { findToolRevisions, findTools, type StoredTool, toolNames } from "#/db/tools.ts";

/** The requests that a workspace has declared as tools. */
export const declaredTools = (tenant: Tenant): ToolSource => ({
  find: (names) => findDeclared(tenant, names),
  names: () => toolNames(tenant),
});

/**
 * Tools by the ids and revisions of their rows, for steps that list hundreds: each superstep of an agent looks them up, and reading, checking and
 * hashing them again costs a hundred times what it costs to see that they are unchanged (docs/benchmarks.md).
 */
const kept = new Map<string, Tool>();
const MOST_KEPT = 5_000;

async function findDeclared(tenant: Tenant, names: readonly string[]): Promise<readonly Tool[]> {
  const revisions = await findToolRevisions(tenant, names);
  const keyed = revisions.map(({ id, name, updatedAt }) => ({
    name,
    key: `${tenant.workspaceId} ${id} ${updatedAt}`,
  }));
  const unread = keyed.flatMap(({ name, key }) => (kept.has(key) ? [] : [name]));
  const read = new Map((await findTools(tenant, unread)).map((stored) => [stored.name, toTool(stored)]));
  const found = keyed.flatMap(({ name, key }) => {
    const tool = read.get(name) ?? kept.get(key);
    return tool ? [{ key, tool }] : [];
  });
  if (kept.size + read.size > MOST_KEPT) kept.clear();
  for (const { key, tool } of found) kept.set(key, tool);
  return found.map(({ tool }) => tool);
}

/** Reads what a declared tool sends. @throws ValiError when it was stored in another form */
export const readRequest = ({ request }: Pick<StoredTool, "request">): RequestShape =>
  v.parse(RequestShape, request);

/** Whatever answers a request is content from outside; what is read with credentials is not everybody's to read. */
function listCapabilities(
  { connection, url, headers }: RequestShape,
  effect: ToolEffect,
): readonly Capability[] {
  if (effect !== "read") return ["outward", "untrusted"];
  const isSigned = connection !== undefined || textSecretNames([url, ...Object.values(headers)]).length > 0;
  return isSigned ? ["untrusted", "private"] : ["untrusted"];
}

function toTool(stored: StoredTool): Tool {
  const { name, description, origin, input, effect } = stored;
  const request = readRequest(stored);
  return declaredTool({
    name,
    description,
    origin,
    input,
    effect,
    capabilities: listCapabilities(request, effect),
    behind: request,
    run: (given, context) => runRequest({ input, request }, given, context),
  });
}
