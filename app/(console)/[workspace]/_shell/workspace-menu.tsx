"use client";
import { lazy, Suspense } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import { ChevronsUpDown, Plus, Users } from "#/app/_ui/icons.tsx";
import { Initial } from "./initial.tsx";
import { Menu, MenuLink, MenuPart } from "./menu.tsx";

const WorkspaceChoices = lazy(() =>
  import("./workspace-choices.tsx").then((module) => ({ default: module.WorkspaceChoices })),
);

interface WorkspaceMenuProps {
  /** Of the active workspace; none where the page belongs to none. */
  readonly name?: string;
  readonly buttonClass?: string;
  readonly className: string;
}

/** The active workspace, and the ways to others, to its people and to a new one. */
export function WorkspaceMenu({ name, buttonClass, className }: WorkspaceMenuProps) {
  const button = (
    <>
      {name !== undefined && <Initial name={name} />}
      <span className="min-w-0 flex-1 truncate text-left font-medium md:max-lg:sr-only">
        {name ?? "Switch workspace"}
      </span>
      {name !== undefined && <span className="sr-only"> switch workspace</span>}
      <ChevronsUpDown className="size-4 shrink-0 text-ink-3 md:max-lg:hidden" />
    </>
  );
  return (
    <Menu button={button} buttonClass={cn("h-8 min-w-0 p-1", buttonClass)} className={className}>
      <Suspense fallback={<p className="px-2 py-1.5 text-ink-3">Loading…</p>}>
        <WorkspaceChoices />
      </Suspense>
      <MenuPart>
        {name !== undefined && (
          <MenuLink href="/~people">
            <Users /> People and invitations
          </MenuLink>
        )}
        <MenuLink href="/~new-workspace">
          <Plus /> New workspace
        </MenuLink>
      </MenuPart>
    </Menu>
  );
}
