import Link from "next/link";
import type { ReactNode } from "react";
import { AccountButton, WorkspaceSwitcher } from "#/app/_ui/identity-controls.tsx";
import { Logo } from "#/app/_ui/logo.tsx";
import { ThemeSwitch } from "#/app/_ui/theme-switch.tsx";
import { ModelBanner } from "./model-banner.tsx";
import { BottomLinks, SideLinks } from "./place-links.tsx";
import { Shortcuts } from "./shortcuts.tsx";

interface ShellProps {
  readonly home: string;
  readonly children: ReactNode;
}

/** What stands around every page of the console. */
export function Shell({ home, children }: ShellProps) {
  return (
    <div className="md:grid md:min-h-dvh md:grid-cols-[14rem_minmax(0,1fr)]">
      <a
        href="#page"
        className="sr-only z-50 rounded-md bg-primary px-3 py-2 text-primary-foreground focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <SideBar home={home} />
      <TopBar home={home} />
      <div className="min-w-0">
        <ModelBanner />
        <main
          id="page"
          tabIndex={-1}
          className="mx-auto max-w-[84rem] px-4 pt-5 pb-24 outline-none md:px-7 md:pt-7 md:pb-12"
        >
          {children}
        </main>
      </div>
      <BottomLinks />
      <Shortcuts />
    </div>
  );
}

function SideBar({ home }: { readonly home: string }) {
  return (
    <aside
      aria-label="Workspace"
      className="sticky top-0 hidden h-dvh flex-col gap-4 border-r border-border bg-card px-3 py-4 md:flex"
    >
      <HomeLink home={home} />
      {/* Kept free, so that nothing moves when the identity provider's control arrives. */}
      <div className="min-h-9">
        <WorkspaceSwitcher />
      </div>
      <SideLinks />
      <div className="mt-auto flex items-center justify-between px-1">
        <div className="size-7">
          <AccountButton />
        </div>
        <ThemeSwitch />
      </div>
    </aside>
  );
}

function TopBar({ home }: { readonly home: string }) {
  return (
    <header className="sticky top-0 z-30 flex h-14 items-center justify-between gap-2 border-b border-border bg-card px-4 md:hidden">
      <HomeLink home={home} />
      <div className="flex items-center gap-1">
        <WorkspaceSwitcher />
        <ThemeSwitch />
        <AccountButton />
      </div>
    </header>
  );
}

function HomeLink({ home }: { readonly home: string }) {
  return (
    <Link href={home} className="flex items-center gap-2 px-2 text-[0.9375rem] font-semibold tracking-tight">
      <Logo className="size-5.5 text-primary" /> Cairn
    </Link>
  );
}
