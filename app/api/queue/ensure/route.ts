import { ensureTickSchedule } from "#/lib/cloud/queue.ts";
import { env } from "#/lib/env.ts";
import { bearerIs } from "#/lib/http/bearer.ts";

/** Called by the platform's cron: sees to it that the queue ticks. */
export async function GET(request: Request): Promise<Response> {
  if (!bearerIs(request, env().cronSecret)) return new Response(null, { status: 401 });
  await ensureTickSchedule();
  return new Response(null, { status: 204 });
}
