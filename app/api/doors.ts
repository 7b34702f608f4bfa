import "server-only";
import { apiDoor } from "#/lib/http/api-route.ts";
import { hookDoor } from "#/lib/http/hook-route.ts";
import { apiPorts, hookPorts } from "#/operations/access/doors.ts";

/** For people and API keys. */
export const apiRoute = apiDoor(apiPorts);

/** For senders of webhooks. */
export const hookRoute = hookDoor(hookPorts);
