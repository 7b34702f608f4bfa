import type { Metadata } from "next";
import { SignInForm } from "#/app/_ui/identity-forms.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default function SignInPage() {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <SignInForm />
    </main>
  );
}
