import type { NextRequest } from "next/server";
import { readClerkWebhook } from "#/lib/auth/clerk-webhook.ts";
import { answerUnexpected } from "#/lib/http/guard.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { problemResponse } from "#/lib/http/problem.ts";
import { syncIdentity } from "#/operations/members/sync.ts";

/** Clerk tells of people, organizations and memberships; we keep a copy of what we show. 401 for whatever is not signed by it, 422 for what nobody can read. */
export async function POST(request: NextRequest): Promise<Response> {
  try {
    const delivery = await readClerkWebhook(request);
    if (!delivery.ok) return problemResponse(delivery.refusal);
    await syncIdentity(delivery.value);
    return new Response(null, { status: 204 });
  } catch (error) {
    return answerUnexpected(error, request);
  }
}

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
