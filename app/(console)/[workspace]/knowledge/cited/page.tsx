import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Notice } from "#/app/_ui/notice.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { findUnusable } from "#/lib/http/json-bounds.ts";
import { listDocuments } from "#/operations/documents/list.ts";
import { currentVisit } from "../../visit.ts";

export const metadata: Metadata = { title: "Cited document" };

interface CitedPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | readonly string[] | undefined>>>;
}

/** Leads from a citation, which has a document's name, to the newest document that has it. */
export default async function CitedPage({ searchParams }: CitedPageProps) {
  const { document: name, passage } = await searchParams;
  const { caller, person } = await currentVisit();
  const cited = typeof name === "string" && !findUnusable(name) ? name : "";
  const { items } = await listDocuments(caller, { limit: 1, name: cited });
  const [found] = items;
  if (found) {
    const place = Number(passage);
    const at = Number.isInteger(place) && place > 0 ? `?passage=${place}#passage-${place}` : "";
    redirect(`/${person.slug}/knowledge/${found.id}${at}`);
  }
  return (
    <>
      <PageHeader title="Cited document" />
      <Notice tone="warn" title={`There is no document “${cited}” here any more`}>
        It may have been deleted since it was cited. The results of the run that cites it keep what they
        quote.
      </Notice>
    </>
  );
}
