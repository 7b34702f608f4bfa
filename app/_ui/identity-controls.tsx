"use client";
// The identity provider's own controls, in one place so that pages need not know whose they are. Each waits until React has taken the page over:
// the provider's script may be there before, and would put into the page what the server has not sent.
import {
  CreateOrganization,
  OrganizationSwitcher,
  SignIn,
  SignUp,
  useClerk,
  UserButton,
} from "@clerk/nextjs";
import { useHydrated } from "#/app/_ui/use-hydrated.ts";

/** Signs a person in. Its page must be /sign-in and catch everything below it. */
export function SignInForm() {
  return useHydrated() && <SignIn path="/sign-in" routing="path" signUpUrl="/sign-up" />;
}

/** Makes an account. Its page must be /sign-up and catch everything below it. */
export function SignUpForm() {
  return useHydrated() && <SignUp path="/sign-up" routing="path" signInUrl="/sign-in" />;
}

/** Account, security and sign-out of the signed-in person. */
export function AccountButton() {
  return useHydrated() && <UserButton />;
}

/** Ends the session of the signed-in person. */
export function useSignOut(): () => Promise<void> {
  const { signOut } = useClerk();
  return () => signOut({ redirectUrl: "/" });
}

/** Shows the active workspace, switches to another, makes a new one, invites people. */
export function WorkspaceSwitcher() {
  return (
    useHydrated() && (
      <OrganizationSwitcher
        hidePersonal
        afterCreateOrganizationUrl="/"
        afterSelectOrganizationUrl="/"
        afterLeaveOrganizationUrl="/"
      />
    )
  );
}

/** For somebody who is signed in and has no workspace yet. */
export function CreateWorkspaceForm() {
  return (
    useHydrated() && <CreateOrganization routing="hash" afterCreateOrganizationUrl="/" skipInvitationScreen />
  );
}
