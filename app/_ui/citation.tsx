"use client";
import Link from "next/link";
import { createContext, type ReactNode, useContext } from "react";

const CitedAt = createContext<string | undefined>(undefined);

interface CitationHomeProps {
  /** The address that leads from a document's name and a passage to the document. */
  readonly address: string;
  readonly children: ReactNode;
}

/** Gives the citations below it an address to lead to. Outside of it they are text. */
export const CitationHome = ({ address, children }: CitationHomeProps) => (
  <CitedAt value={address}>{children}</CitedAt>
);

interface CitationProps {
  readonly document?: string;
  readonly passage?: string;
  readonly children?: ReactNode;
}

/** A citation in a text. */
export function Citation({ document, passage, children }: CitationProps) {
  const address = useContext(CitedAt);
  if (address === undefined || document === undefined || passage === undefined) return <>[{children}]</>;
  return (
    <Link
      href={`${address}?${new URLSearchParams({ document, passage })}`}
      prefetch={false}
      className="rounded-sm bg-muted px-1 font-mono text-xs text-primary no-underline hover:underline"
    >
      {children}
    </Link>
  );
}
