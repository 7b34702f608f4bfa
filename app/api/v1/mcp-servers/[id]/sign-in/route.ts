import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { signInToMcpServer } from "#/operations/mcp-servers/begin-sign-in.ts";
import { signInToMcpServerContract } from "#/operations/mcp-servers/contract.ts";

export const POST = apiRoute(signInToMcpServerContract, async ({ caller, params }) =>
  ok(await signInToMcpServer(caller, params)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
