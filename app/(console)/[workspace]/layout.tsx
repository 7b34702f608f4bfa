import type { ReactNode } from "react";
import { readBuildId } from "#/lib/build-id.ts";
import { env } from "#/lib/env.ts";
import { findNewAddress } from "#/lib/http/moved.ts";
import { Phone } from "./_phone/phone.tsx";
import { MovedWorkspace } from "./_shell/moved-workspace.tsx";
import { OtherWorkspace } from "./_shell/other-workspace.tsx";
import { Shell } from "./_shell/shell.tsx";
import { type Workspace, WorkspaceProvider } from "./_shell/workspace-context.tsx";
import { currentVisit } from "./visit.ts";

interface WorkspaceLayoutProps {
  readonly params: Promise<{ readonly workspace: string }>;
  readonly children: ReactNode;
}

/** @throws every other failure, and Next's own signals */
function findMove(error: unknown): { readonly movedTo: string } {
  const movedTo = findNewAddress(error);
  if (movedTo === undefined) throw error;
  return { movedTo };
}

export default async function WorkspaceLayout({ params, children }: WorkspaceLayoutProps) {
  const { workspace: named } = await params;
  const visit = await currentVisit().catch(findMove);
  if ("movedTo" in visit) return <MovedWorkspace address={visit.movedTo} path={`/${named}/runs`} />;
  const { person, workspaceName } = visit;
  const home = `/${person.slug}/runs`;
  if (named !== person.slug && named !== person.workspaceId) return <OtherWorkspace home={home} />;
  const { region } = env();
  const { model, note } = env().llm;
  const workspace: Workspace = {
    id: person.workspaceId,
    slug: person.slug,
    name: workspaceName,
    role: person.role,
    personId: person.userId,
    model,
    modelNote: note ?? null,
    region: region ?? null,
  };
  return (
    <WorkspaceProvider workspace={workspace}>
      <Shell home={home}>{children}</Shell>
      <Phone build={readBuildId()} />
    </WorkspaceProvider>
  );
}
