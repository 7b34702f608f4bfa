import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { callMcp } from "#/operations/mcp/call.ts";
import { callMcpContract } from "#/operations/mcp/contract.ts";

export const maxDuration = 75;

export const POST = apiRoute(callMcpContract, ({ caller, request }) => callMcp(caller, request));

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
