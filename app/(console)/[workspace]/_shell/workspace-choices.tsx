"use client";
import { useState } from "react";
import { Check } from "#/app/_ui/icons.tsx";
import { type OwnWorkspace, useActiveWorkspaceId, useOwnWorkspaces } from "#/app/_ui/identity-session.ts";
import { toast } from "#/app/_ui/toast.ts";
import { Initial } from "./initial.tsx";
import { MenuDeed } from "./menu.tsx";

/** The workspaces that a person may go to: their own, and those that wait for an answer to an invitation. */
export function WorkspaceChoices() {
  const { isLoading, joined, invited, readMore } = useOwnWorkspaces();
  const active = useActiveWorkspaceId();
  const [opening, setOpening] = useState<string>();
  const open = (workspace: OwnWorkspace) => {
    setOpening(workspace.id);
    workspace.open().catch(() => {
      setOpening(undefined);
      toast.error(`${workspace.name} could not be opened. Try again.`);
    });
  };
  if (isLoading) return <p className="px-2 py-1.5 text-ink-3">Loading…</p>;
  return (
    <>
      {joined.map((workspace) => (
        <MenuDeed
          key={workspace.id}
          aria-current={workspace.id === active || undefined}
          disabled={opening !== undefined}
          onClick={() => open(workspace)}
        >
          <Initial name={workspace.name} />
          <span className="min-w-0 flex-1 truncate">{workspace.name}</span>
          {workspace.id === active && <Check aria-label="active" />}
        </MenuDeed>
      ))}
      {invited.map((workspace) => (
        <MenuDeed key={workspace.id} disabled={opening !== undefined} onClick={() => open(workspace)}>
          <Initial name={workspace.name} />
          <span className="min-w-0 flex-1 truncate">{workspace.name}</span>
          <span className="text-xs text-accent-text">Join</span>
        </MenuDeed>
      ))}
      {readMore && <MenuDeed onClick={readMore}>Show more</MenuDeed>}
    </>
  );
}
