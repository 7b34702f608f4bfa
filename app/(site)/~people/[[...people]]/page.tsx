import type { Metadata } from "next";
import { PeopleForm } from "#/app/_ui/identity-forms.tsx";
import { OwnPage } from "../../own-page.tsx";

export const metadata: Metadata = { title: "People of this workspace" };

export default function PeoplePage() {
  return (
    <OwnPage title="People of this workspace">
      <PeopleForm />
    </OwnPage>
  );
}
