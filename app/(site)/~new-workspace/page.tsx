import type { Metadata } from "next";
import { CreateWorkspaceForm } from "#/app/_ui/identity-forms.tsx";
import { OwnPage } from "../own-page.tsx";

export const metadata: Metadata = { title: "New workspace" };

export default function NewWorkspacePage() {
  return (
    <OwnPage title="New workspace">
      <CreateWorkspaceForm />
    </OwnPage>
  );
}
