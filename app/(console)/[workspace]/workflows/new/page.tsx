import type { Metadata } from "next";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { TemplateCards } from "./template-cards.tsx";

export const metadata: Metadata = { title: "New workflow" };

export default function NewWorkflowPage() {
  return (
    <>
      <PageHeader
        title="New workflow"
        description="Choose a starting point. You can change everything later; nothing runs until you publish it."
      />
      <TemplateCards />
    </>
  );
}
