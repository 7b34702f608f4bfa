import Link from "next/link";
import type { ReactNode } from "react";
import { Logo } from "#/app/_ui/logo.tsx";
import { isSignedIn, sendToSignIn } from "#/lib/auth/principal.ts";

interface OwnPageProps {
  /** Said to those who cannot see that the form names itself. */
  readonly title: string;
  readonly children: ReactNode;
}

/** A page on which a signed-in person changes who they are or where they work. */
export async function OwnPage({ title, children }: OwnPageProps) {
  if (!(await isSignedIn())) return sendToSignIn();
  return (
    <main className="grid min-h-dvh place-items-center content-start gap-6 p-4 md:pt-10">
      <h1 className="sr-only">{title}</h1>
      <Link href="/" className="flex items-center gap-2 text-ink-2 hover:text-ink">
        <Logo className="size-5 text-accent-text" /> Back to Cairn
      </Link>
      {children}
    </main>
  );
}
