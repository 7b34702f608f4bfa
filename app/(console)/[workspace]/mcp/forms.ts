import { created, done, ok } from "#/lib/http/reply.ts";
import { addMcpServer } from "#/operations/mcp-servers/add.ts";
import { signInToMcpServer } from "#/operations/mcp-servers/begin-sign-in.ts";
import { changeMcpTools } from "#/operations/mcp-servers/change-tools.ts";
import {
  addMcpServerContract,
  changeMcpToolsContract,
  refreshMcpServerContract,
  removeMcpServerContract,
  signInToMcpServerContract,
} from "#/operations/mcp-servers/contract.ts";
import { refreshMcpServer } from "#/operations/mcp-servers/refresh.ts";
import { removeMcpServer } from "#/operations/mcp-servers/remove.ts";
import { defineForm } from "../_form/define-form.ts";
import { arrangeServer, arrangeTool } from "./arrange-mcp.ts";

/** Adds an MCP server, and asks it for its tools. */
export const newServerForm = defineForm(
  addMcpServerContract,
  async ({ caller, body, newId: id }) => created(await addMcpServer(caller, { id, ...body })),
  arrangeServer,
);

/** Asks a server for its tools anew. */
export const refreshServerForm = defineForm(refreshMcpServerContract, async ({ caller, params }) =>
  ok(await refreshMcpServer(caller, params)),
);

/** Chooses or withdraws a tool, says what it does, or takes a change of it in. */
export const mcpToolForm = defineForm(
  changeMcpToolsContract,
  async ({ caller, params, body }) => ok(await changeMcpTools(caller, { ...params, ...body })),
  arrangeTool,
);

/** Begins a sign-in at a server. The answer says where it goes on. */
export const serverSignInForm = defineForm(signInToMcpServerContract, async ({ caller, params }) =>
  ok(await signInToMcpServer(caller, params)),
);

/** Removes a server with its tools and credentials. */
export const removeServerForm = defineForm(removeMcpServerContract, async ({ caller, params }) =>
  done(await removeMcpServer(caller, params)),
);
