import type { Metadata } from "next";
import { SignUpForm } from "#/app/_ui/identity-forms.tsx";

export const metadata: Metadata = { title: "Sign up" };

export default function SignUpPage() {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <SignUpForm />
    </main>
  );
}
