import type { ReactNode } from "react";
import { readBuildId } from "#/lib/build-id.ts";
import { env } from "#/lib/env.ts";
import { Phone } from "./_phone/phone.tsx";
import { OtherWorkspace } from "./_shell/other-workspace.tsx";
import { Shell } from "./_shell/shell.tsx";
import { type Workspace, WorkspaceProvider } from "./_shell/workspace-context.tsx";
import { currentVisit } from "./visit.ts";

interface WorkspaceLayoutProps {
  readonly params: Promise<{ readonly workspace: string }>;
  readonly children: ReactNode;
}

export default async function WorkspaceLayout({ params, children }: WorkspaceLayoutProps) {
  const { workspace: named } = await params;
  const { person, workspaceName } = await currentVisit();
  const home = `/${person.slug}/runs`;
  if (named !== person.slug && named !== person.workspaceId) return <OtherWorkspace home={home} />;
  const { model, note } = env().llm;
  const workspace: Workspace = {
    id: person.workspaceId,
    slug: person.slug,
    name: workspaceName,
    role: person.role,
    personId: person.userId,
    model,
    modelNote: note ?? null,
  };
  return (
    <WorkspaceProvider workspace={workspace}>
      <Shell home={home}>{children}</Shell>
      <Phone build={readBuildId()} />
    </WorkspaceProvider>
  );
}
