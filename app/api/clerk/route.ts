import type { NextRequest } from "next/server";
import { database } from "#/db/client.ts";
import { applyIdentityChange } from "#/db/identity.ts";
import { readClerkWebhook } from "#/lib/auth/clerk-webhook.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";

/** Clerk tells of people, organizations and memberships; we keep a copy of what we show. 401 for whatever is not signed by it. */
export async function POST(request: NextRequest): Promise<Response> {
  const delivery = await readClerkWebhook(request);
  if (!delivery) return new Response(null, { status: 401 });
  await applyIdentityChange(database().system, delivery.id, delivery.change);
  return new Response(null, { status: 204 });
}

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
