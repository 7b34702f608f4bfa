import type { Metadata } from "next";
import { AccountForm } from "#/app/_ui/identity-forms.tsx";
import { OwnPage } from "../../own-page.tsx";

export const metadata: Metadata = { title: "Your account" };

export default function AccountPage() {
  return (
    <OwnPage title="Your account">
      <AccountForm />
    </OwnPage>
  );
}
