import { hookRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { hook } from "#/operations/hooks/receive.ts";

export const maxDuration = 60;

/** One signed message to a webhook. */
export const POST = hookRoute(hook);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
