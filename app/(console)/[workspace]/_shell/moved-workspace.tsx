import { Building2 } from "#/app/_ui/icons.tsx";
import { buttonLook } from "#/app/_ui/button.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { WorkspaceMenu } from "./workspace-menu.tsx";

interface MovedWorkspaceProps {
  /** Of the deployment that has the workspace now. */
  readonly address: string;
  /** Of the page there. */
  readonly path: string;
}

/** For a workspace that has moved to another deployment: it is not here any more. */
export function MovedWorkspace({ address, path }: MovedWorkspaceProps) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        icon={Building2}
        title="This workspace has moved"
        actions={
          <>
            <WorkspaceMenu buttonClass="border border-line-2 bg-raised px-2" className="m-auto" />
            <a href={new URL(path, address).href} className={buttonLook({ variant: "primary" })}>
              Open it there
            </a>
          </>
        }
      >
        It is at {new URL(address).host} now, with everything in it. API keys go on working there.
      </EmptyState>
    </main>
  );
}
