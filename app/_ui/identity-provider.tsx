import { ClerkProvider } from "@clerk/nextjs";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { IDENTITY_APPEARANCE, IDENTITY_WORDS } from "#/app/_ui/identity-appearance.ts";
import { env } from "#/lib/env.ts";

interface IdentityProviderProps {
  /** The pages below show the provider's forms, whose scripts are loaded with them only. */
  readonly hasForms: boolean;
  readonly children: ReactNode;
}

/**
 * Gives the pages below the signed-in person. Everything it needs is read when a request comes and handed to the browser as props:
 * nothing of the identity provider is in the build.
 */
export async function IdentityProvider({ hasForms, children }: IdentityProviderProps) {
  // Before the environment is read: a build has none.
  await connection();
  const { publishableKey, proxyUrl, jsUrl, uiUrl } = env().clerk;
  return (
    <ClerkProvider
      dynamic
      appearance={IDENTITY_APPEARANCE}
      localization={IDENTITY_WORDS}
      publishableKey={publishableKey}
      signInUrl="/sign-in"
      signUpUrl="/sign-up"
      signInFallbackRedirectUrl="/"
      signUpFallbackRedirectUrl="/"
      telemetry={false}
      {...(proxyUrl && { proxyUrl })}
      {...(jsUrl && { __internal_clerkJSUrl: jsUrl })}
      {...(!hasForms && { prefetchUI: false })}
      {...(hasForms && uiUrl && { __internal_clerkUIUrl: uiUrl })}
    >
      {children}
    </ClerkProvider>
  );
}
