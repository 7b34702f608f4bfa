import "server-only";
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

interface ConsoleFrameProps {
  /** The workspace that the address names. */
  readonly named: string;
  /** The page is for a browser without scripts. */
  readonly isPlain: boolean;
  readonly children: ReactNode;
}

/** @throws every other failure, and Next's own signals */
function findMove(error: unknown): { readonly movedTo: string } {
  const movedTo = findNewAddress(error);
  if (movedTo === undefined) throw error;
  return { movedTo };
}

/** Everything around a page of the console: who looks at it, the workspace, and the shell. */
export async function ConsoleFrame({ named, isPlain, children }: ConsoleFrameProps) {
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
    build: readBuildId() ?? null,
    isPlain,
  };
  return (
    <WorkspaceProvider workspace={workspace}>
      <Shell home={home} name={workspaceName}>
        {children}
      </Shell>
      {!isPlain && <Phone build={readBuildId()} />}
    </WorkspaceProvider>
  );
}
