import { clerkMiddleware } from "@clerk/nextjs/server";
import { type NextRequest, NextResponse } from "next/server";
import { env } from "#/lib/env.ts";
import { refuseToPage } from "#/lib/http/page-request.ts";

/**
 * Verifies the session token at the edge, without a call to anybody. Who may do what is decided where it is done: every page,
 * action and handler asks lib/auth. The options are a function so that the environment is read when a request comes, and one
 * build serves every environment.
 */
export default clerkMiddleware(
  async (auth, request) => {
    if (request.nextUrl.pathname.startsWith("/api/")) return undefined;
    const isSignedIn = async () => (await auth()).userId !== null;
    const refusal = await refuseToPage(request, { isSignedIn, buildId: env().buildId });
    if (refusal) return refusal;
    return request.method === "POST" ? asOwn(request) : showPage();
  },
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

/** A page that is looked at. Browsers are profiled only by pages that say so, so they say it where profiles are asked for. */
function showPage(): NextResponse | undefined {
  if (env().sentryProfiles === 0) return undefined;
  return NextResponse.next({ headers: { "Document-Policy": "js-profiling" } });
}

/** A post from our own pages. Next compares its Origin with the host that was called, which behind a proxy may be another. */
function asOwn(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers);
  headers.set("x-forwarded-host", new URL(env().appUrl).host);
  return NextResponse.next({ request: { headers } });
}

/**
 * Pages, and the API but for the doors where no person comes in: queue, webhooks, probes. Nor does one come in with an API key, which the API's
 * own door knows: the sandbox that middleware runs in, and Clerk's own door in it, cost a call more CPU than all that comes after them. What is let past here has
 * exactly the shape that `apiKeyFrom` takes for a key, so nobody asks for a session that was not looked for.
 */
export const config = {
  matcher: [
    "/((?!api/|_next/|\\.well-known/|.*\\.(?:ico|png|svg|webp|css|js|map|txt|webmanifest|woff2)$).*)",
    {
      source: "/api/((?!queue/|hooks/|mcp$|health$|metrics$|clerk$).*)",
      missing: [{ type: "header", key: "authorization", value: "Bearer cairn_[A-Za-z0-9_-]{43}" }],
    },
  ],
};
