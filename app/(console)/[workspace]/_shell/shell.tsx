import Link from "next/link";
import type { ReactNode } from "react";
import { Logo } from "#/app/_ui/logo.tsx";
import { ThemeSwitch } from "#/app/_ui/theme-switch.tsx";
import { NarrowBarButton, WideBarButton } from "../_command/bar-button.tsx";
import { CommandHost } from "../_command/command-host.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { ModelFlask } from "./model-flask.tsx";
import { BottomLinks, SideLinks } from "./place-links.tsx";
import { WorkspaceMenu } from "./workspace-menu.tsx";

interface PlaceProps {
  readonly home: string;
  /** Of the workspace. */
  readonly name: string;
}

interface ShellProps extends PlaceProps {
  readonly children: ReactNode;
}

/** The frame around every page of the console: the side lies on the ground, the page is a sheet on it. */
export function Shell({ home, name, children }: ShellProps) {
  return (
    <div className="shell">
      <a
        href="#page"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <SideBar home={home} name={name} />
      <TopBar home={home} name={name} />
      <div className="min-w-0 md:p-2 md:pl-0 md:has-data-whole-window:p-0">
        <main
          id="page"
          tabIndex={-1}
          className="min-h-[calc(100dvh-7rem)] bg-sheet outline-none md:min-h-[calc(100dvh-1rem)] md:rounded-lg md:border md:border-line md:shadow-flat md:has-data-whole-window:border-0"
        >
          <div className="mx-auto max-w-[88rem] px-4 pt-4 pb-20 has-data-full-sheet:max-w-none has-data-full-sheet:p-0 has-data-whole-window:max-w-none has-data-whole-window:p-0 md:px-6 md:pt-5 md:pb-10">
            {children}
          </div>
        </main>
      </div>
      <BottomLinks />
      <CommandHost />
    </div>
  );
}

function SideBar({ home, name }: PlaceProps) {
  return (
    <aside
      aria-label="Workspace"
      className="sticky top-0 hidden h-dvh flex-col gap-0.5 overflow-y-auto p-3 max-lg:items-center max-lg:px-1.5 md:flex"
    >
      <HomeLink home={home} />
      <div className="mb-2">
        <WorkspaceMenu name={name} buttonClass="w-full" className="fixed inset-auto top-22 left-3 m-0" />
      </div>
      <WideBarButton />
      <SideLinks />
      <div className="mt-auto flex items-center gap-1 max-lg:flex-col-reverse ">
        <div className="min-w-0 lg:mr-auto">
          <AccountMenu className="fixed inset-auto bottom-12 left-3 m-0" />
        </div>
        <ModelFlask className="bottom-12 left-3" />
        <ThemeSwitch />
      </div>
    </aside>
  );
}

function TopBar({ home, name }: PlaceProps) {
  return (
    <header className="sticky top-0 z-30 flex h-14 items-center justify-between gap-2 border-b border-line bg-sheet px-4 md:hidden">
      <HomeLink home={home} />
      <div className="-m-1 flex min-w-0 flex-1 justify-end overflow-hidden p-1">
        <WorkspaceMenu name={name} className="fixed inset-auto top-14 right-3 m-0" />
      </div>
      <div className="flex items-center gap-1">
        {/* It holds the theme too, which has no room of its own here. */}
        <NarrowBarButton />
        <ModelFlask className="top-14 right-3" />
        <AccountMenu className="fixed inset-auto top-14 right-3 m-0" />
      </div>
    </header>
  );
}

function HomeLink({ home }: { readonly home: string }) {
  return (
    <Link
      href={home}
      className="mb-1 flex h-8 items-center gap-2 rounded-md px-2 text-read font-semibold tracking-tight max-md:mb-0 max-md:px-0"
    >
      <Logo className="size-5 text-accent-text" /> <span className="md:max-lg:sr-only">Cairn</span>
    </Link>
  );
}
