import { ClerkProvider } from "@clerk/nextjs";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { IDENTITY_APPEARANCE } from "#/app/_ui/identity-appearance.ts";
import { env } from "#/lib/env.ts";

/**
 * Gives the pages below the signed-in person. Everything it needs is read when a request comes and handed to the browser as props:
 * nothing of the identity provider is in the build.
 */
export async function IdentityProvider({ children }: { readonly children: ReactNode }) {
  // Before the environment is read: a build has none.
  await connection();
  const { publishableKey, proxyUrl, jsUrl, uiUrl } = env().clerk;
  return (
    <ClerkProvider
      dynamic
      appearance={IDENTITY_APPEARANCE}
      publishableKey={publishableKey}
      signInUrl="/sign-in"
      signUpUrl="/sign-up"
      signInFallbackRedirectUrl="/"
      signUpFallbackRedirectUrl="/"
      telemetry={false}
      {...(proxyUrl && { proxyUrl })}
      {...(jsUrl && { __internal_clerkJSUrl: jsUrl })}
      {...(uiUrl && { __internal_clerkUIUrl: uiUrl })}
    >
      {children}
    </ClerkProvider>
  );
}
