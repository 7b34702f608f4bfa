import "server-only";
import { redirect } from "next/navigation";
import { cache } from "react";
import { currentPrincipal, isSignedIn, type Person, sendToSignIn } from "#/lib/auth/principal.ts";
import { openWorkspace } from "#/operations/access/people.ts";
import type { Caller } from "#/operations/caller.ts";

export interface Visit {
  readonly person: Person;
  /** The person, as operations are told. */
  readonly caller: Caller;
  readonly workspaceName: string;
}

/**
 * Reads who looks at the console, with the handle to what they may see. Whoever is not signed in is sent to do so. Resolved once a request, however
 * many components ask.
 */
export const currentVisit = cache(async (): Promise<Visit> => {
  const person = await currentPrincipal();
  if (!person) return (await isSignedIn()) ? redirect("/") : sendToSignIn();
  const { tenant, workspaceName } = await openWorkspace(person);
  return { person, caller: { tenant, principal: person }, workspaceName };
});
