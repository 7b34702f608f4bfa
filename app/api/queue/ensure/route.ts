import { env } from "#/lib/env.ts";
import { bearerIs } from "#/lib/http/bearer.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { problemResponse, refuse } from "#/lib/http/problem.ts";
import { ensureServices } from "#/operations/execution/ensure-services.ts";

export const maxDuration = 60;

/** Sees to it that the services have what the product needs of them: the queue its tick, Pinecone its index. Called after a deployment and by a daily cron. */
export async function GET(request: Request): Promise<Response> {
  if (!bearerIs(request, env().cronSecret))
    return problemResponse(refuse("unauthenticated", "Send CRON_SECRET as “Authorization: Bearer …”."));
  await ensureServices();
  return new Response(null, { status: 204 });
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
