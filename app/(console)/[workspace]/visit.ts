import "server-only";
import { redirect } from "next/navigation";
import { cache } from "react";
import { database, type Tenant } from "#/db/client.ts";
import { provisionWorkspace } from "#/db/identity.ts";
import { getWorkspace } from "#/db/workspaces.ts";
import { currentPrincipal, isSignedIn, type Person, sendToSignIn } from "#/lib/auth/principal.ts";

export interface Visit {
  readonly person: Person;
  readonly tenant: Tenant;
  readonly workspaceName: string;
}

/**
 * Who looks at the console, and the handle to what they may see. Whoever is not signed in is sent to do so; a first visit that
 * outruns the identity provider's webhook makes the workspace. Resolved once a request, however many components ask.
 */
export const currentVisit = cache(async (): Promise<Visit> => {
  const person = await currentPrincipal();
  if (!person) return (await isSignedIn()) ? redirect("/") : sendToSignIn();
  const tenant = database().tenant({ workspaceId: person.workspaceId, userId: person.userId });
  const workspace = await getWorkspace(tenant);
  if (!workspace) await provisionWorkspace(database().system, person);
  return { person, tenant, workspaceName: workspace?.name ?? person.slug };
});
