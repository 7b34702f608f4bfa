import { Building2 } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { buttonLook } from "#/app/_ui/button.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { WorkspaceMenu } from "./workspace-menu.tsx";

/** For an address of a workspace that is not the active one: it may be another of this person's, or somebody else's. */
export function OtherWorkspace({ home }: { readonly home: string }) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        icon={Building2}
        title="This page belongs to another workspace"
        actions={
          <>
            <WorkspaceMenu buttonClass="border border-line-2 bg-raised px-2" className="m-auto" />
            <Link href={home} className={buttonLook({ variant: "primary" })}>
              Stay in this workspace
            </Link>
          </>
        }
      >
        If you are a member, switch to it and open the link again.
      </EmptyState>
    </main>
  );
}
