import * as v from "valibot";
import { declaredTool } from "#/agents/tools/declared-tool.ts";
import { RequestShape } from "#/agents/tools/http/request-shape.ts";
import { runRequest } from "#/agents/tools/http/run-request.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import type { Tenant } from "#/db/client.ts";
import { findTools, type StoredTool, toolNames } from "#/db/tools.ts";

/** The requests that a workspace has declared as tools. */
export const declaredTools = (tenant: Tenant): ToolSource => ({
  find: async (names) => (await findTools(tenant, names)).map(toTool),
  names: () => toolNames(tenant),
});

/** Reads what a declared tool sends. @throws ValiError when it was stored in another form */
export const readRequest = ({ request }: Pick<StoredTool, "request">): RequestShape =>
  v.parse(RequestShape, request);

function toTool(stored: StoredTool): Tool {
  const { name, description, origin, input, effect } = stored;
  const request = readRequest(stored);
  return declaredTool({
    name,
    description,
    origin,
    input,
    effect,
    behind: request,
    run: (given, context) => runRequest({ input, request }, given, context),
  });
}
