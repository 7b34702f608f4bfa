"use server";
import { currentPrincipal } from "#/lib/auth/principal.ts";
import { decideByLink as decide, type LinkDecision } from "#/operations/approvals/decide-by-link.ts";

/** Decides by a link: it opens one approval, which can be decided once. */
export async function decideByLink(token: string, decision: unknown): Promise<LinkDecision> {
  const signedIn = await currentPrincipal();
  return decide({ token, decision, signedIn: signedIn?.userId });
}
