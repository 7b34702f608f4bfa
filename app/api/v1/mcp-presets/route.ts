import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listMcpPresetsContract } from "#/operations/mcp-servers/contract.ts";
import { listMcpPresets } from "#/operations/mcp-servers/list-presets.ts";

export const GET = apiRoute(listMcpPresetsContract, async () => ok(listMcpPresets()));

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
