import type { Metadata } from "next";
import { listDocuments } from "#/operations/documents/list.ts";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { documentList, MOST } from "../_data/queries.ts";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { DocumentList } from "./document-list.tsx";
import { SearchPanel } from "./search-panel.tsx";
import { UploadPanel } from "./upload-panel.tsx";

export const metadata: Metadata = { title: "Knowledge" };

export default async function KnowledgePage() {
  const { caller } = await currentVisit();
  const documents = await listDocuments(caller, { limit: MOST });
  return (
    <Prefetched answers={[answer(documentList(), documents)]}>
      <PageHeader
        title="Knowledge"
        description="Documents that agents search and cite. Only this workspace sees them."
      />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-5">
          <UploadPanel />
          <DocumentList />
        </div>
        <SearchPanel />
      </div>
    </Prefetched>
  );
}
