import "server-only";
import { apiDoor } from "#/lib/http/api-route.ts";
import { hookDoor } from "#/lib/http/hook-route.ts";
import { apiPorts, hookPorts, mcpPorts } from "#/operations/access/doors.ts";

/** For people and API keys. */
export const apiRoute = apiDoor(apiPorts);

/** For programs that speak the Model Context Protocol. */
export const mcpRoute = apiDoor(mcpPorts);

/** For senders of webhooks. */
export const hookRoute = hookDoor(hookPorts);
