"use client";
// The identity provider's own forms, in one place so that pages need not know whose they are. Each waits until React has taken the page over:
// the provider's script may be there before, and would put into the page what the server has not sent.
import { CreateOrganization, OrganizationProfile, SignIn, SignUp, UserProfile } from "@clerk/nextjs";
import { useHydrated } from "#/app/_ui/use-hydrated.ts";

/** Signs a person in. Its page must be /sign-in and catch everything below it. */
export function SignInForm() {
  return useHydrated() && <SignIn path="/sign-in" routing="path" signUpUrl="/sign-up" />;
}

/** Makes an account. Its page must be /sign-up and catch everything below it. */
export function SignUpForm() {
  return useHydrated() && <SignUp path="/sign-up" routing="path" signInUrl="/sign-in" />;
}

/** For somebody who is signed in: makes a workspace, and goes to it. */
export function CreateWorkspaceForm() {
  return (
    useHydrated() && <CreateOrganization routing="hash" afterCreateOrganizationUrl="/" skipInvitationScreen />
  );
}

/** Changes name, addresses, password and devices of the signed-in person. Its page must be /~account and catch everything below it. */
export function AccountForm() {
  return useHydrated() && <UserProfile path="/~account" routing="path" />;
}

/** Changes name and people of the active workspace. Its page must be /~people and catch everything below it. */
export function PeopleForm() {
  return (
    useHydrated() && <OrganizationProfile path="/~people" routing="path" afterLeaveOrganizationUrl="/" />
  );
}
