import { clerkMiddleware } from "@clerk/nextjs/server";
import { env } from "#/lib/env.ts";

/**
 * Verifies the session token at the edge, without a call to anybody. Who may do what is decided where it is done: every page,
 * action and handler asks lib/auth. The options are a function so that the environment is read when a request comes, and one
 * build serves every environment.
 */
export default clerkMiddleware(
  () => undefined,
  () => {
    const { clerk, appUrl } = env();
    return {
      publishableKey: clerk.publishableKey,
      jwtKey: clerk.jwtKey,
      authorizedParties: [appUrl],
      signInUrl: "/sign-in",
      signUpUrl: "/sign-up",
      ...(clerk.proxyUrl && { proxyUrl: clerk.proxyUrl }),
    };
  },
);

/** Pages, and the API but for the doors where no person comes in: queue, webhooks, probes. */
export const config = {
  matcher: ["/((?!api/|_next/|.*\\.(?:ico|png|svg|webp|css|js|map|txt|webmanifest|woff2)$).*)", "/api/((?!queue/|hooks/|health$|metrics$|clerk$).*)"],
};
