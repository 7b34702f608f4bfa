import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { isUuid } from "#/lib/uuid.ts";
import { getDocument } from "#/operations/documents/get.ts";
import { listPassages } from "#/operations/documents/list-passages.ts";
import { currentVisit } from "../../visit.ts";
import { DocumentText } from "./document-text.tsx";

interface DocumentPageProps {
  readonly params: Promise<{ readonly document: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | readonly string[] | undefined>>>;
}

/** Passages on a page. */
const MANY = 100;

/** A document, read once a request: for the tab's title and for the page. */
const readDocument = cache(async (id: string) => {
  if (!isUuid(id)) return undefined;
  const { caller } = await currentVisit();
  const document = await getDocument(caller, { id });
  return "refused" in document ? undefined : document;
});

export async function generateMetadata({ params }: DocumentPageProps): Promise<Metadata> {
  return { title: (await readDocument((await params).document))?.name ?? "Document" };
}

/** A document as agents see it: its passages in order. `?passage=` marks one, and begins with those around it. */
export default async function DocumentPage({ params, searchParams }: DocumentPageProps) {
  const [{ document: id }, { passage }] = await Promise.all([params, searchParams]);
  const [{ caller, person }, document] = await Promise.all([currentVisit(), readDocument(id)]);
  if (!document) notFound();
  const asked = Number(passage);
  const marked = Number.isInteger(asked) && asked > 0 && asked <= document.passages ? asked : undefined;
  const from = Math.floor(((marked ?? 1) - 1) / MANY) * MANY + 1;
  const passages = await listPassages(caller, { id, from, limit: MANY });
  if ("refused" in passages) notFound();
  return (
    <DocumentText
      document={document}
      passages={passages.items}
      pages={{ from, size: MANY }}
      marked={marked}
      home={`/${person.slug}`}
    />
  );
}
