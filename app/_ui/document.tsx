import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "../globals.css";
import { ErrorReporting } from "#/app/_ui/error-reporting.tsx";
import { FONTS } from "#/app/_ui/fonts.ts";
import { IdentityProvider } from "#/app/_ui/identity-provider.tsx";
import { SignOutWatch } from "#/app/_ui/identity-watch.tsx";
import { Providers } from "#/app/_ui/providers.tsx";

export const metadata: Metadata = {
  title: { default: "Cairn", template: "%s · Cairn" },
  appleWebApp: { capable: true, title: "Cairn", statusBarStyle: "default" },
  description: "Durable agent workflows: one checkpoint at a time, nothing lost, nothing paid twice.",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f1f1ee" },
    { media: "(prefers-color-scheme: dark)", color: "#0b0b0a" },
  ],
};

interface DocumentProps {
  /** Its pages show the identity provider's forms. Their scripts are half of what a page of the console would execute. */
  readonly hasIdentityForms: boolean;
  readonly children: ReactNode;
}

/** What is around every page: the document, its fonts and themes, and who is signed in. */
export function Document({ hasIdentityForms, children }: DocumentProps) {
  return (
    <html lang="en" className={FONTS} suppressHydrationWarning>
      <body className="min-h-dvh font-sans">
        <ErrorReporting />
        <IdentityProvider hasForms={hasIdentityForms}>
          <SignOutWatch />
          <Providers>{children}</Providers>
        </IdentityProvider>
      </body>
    </html>
  );
}
