import type { Metadata } from "next";
import { cache } from "react";
import { LockKeyhole } from "#/app/_ui/icons.tsx";
import { Logo } from "#/app/_ui/logo.tsx";
import { currentPrincipal } from "#/lib/auth/principal.ts";
import { env } from "#/lib/env.ts";
import { type OpenedLink, readByLink } from "#/operations/approvals/decide-by-link.ts";
import { EndedLink } from "./ended-link.tsx";
import { LinkedQuestion } from "./linked-question.tsx";

interface DecidePageProps {
  readonly params: Promise<{ readonly token: string }>;
}

/** The question that a link opens, read once a request. */
const openLink = cache(async (token: string) => {
  const signedIn = await currentPrincipal();
  return readByLink(decodeURIComponent(token), signedIn?.userId);
});

export async function generateMetadata({ params }: DecidePageProps): Promise<Metadata> {
  const opened = await openLink((await params).token);
  return {
    title: opened.state === "found" ? `${opened.workspaceName} asks: ${opened.approval.title}` : "A question",
    robots: { index: false, follow: false },
    referrer: "no-referrer",
  };
}

/** One approval, for whoever has its link: who asks, what, what each answer does, and what the link can do. */
export default async function DecidePage({ params }: DecidePageProps) {
  const { token } = await params;
  const opened = await openLink(token);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-12 shrink-0 items-center justify-between px-4 md:h-14 md:px-6">
        <p className="flex items-center gap-2 text-read font-semibold tracking-tight">
          <Logo className="size-5 text-accent-text" /> Cairn
        </p>
        <p className="flex items-center gap-1.5 text-xs text-ink-3">
          <LockKeyhole aria-hidden className="size-3.5" /> {new URL(env().appUrl).host}
        </p>
      </header>
      <main className="mx-auto w-full max-w-[63rem] md:mt-6 md:px-6">
        {opened.state === "found" ? (
          <LinkedQuestion linked={opened} token={decodeURIComponent(token)} />
        ) : (
          <EndedLink link={opened} />
        )}
      </main>
      <footer className="mx-auto max-w-[63rem] px-4 py-6 text-center text-xs text-ink-3">
        {footnote(opened)}
      </footer>
    </div>
  );
}

function footnote(opened: OpenedLink): string {
  const unread = "Opening this page has not answered anything.";
  if (opened.state !== "found" || opened.approval.status !== "open") return unread;
  return `Not expecting this? Ask ${opened.askedBy ?? opened.workspaceName} in a way you already know. ${unread}`;
}
