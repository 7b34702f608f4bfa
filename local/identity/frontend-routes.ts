import { Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { methodOverride } from "hono/method-override";
import { clientRoutes } from "#/local/identity/client-routes.ts";
import { frontendSettings } from "#/local/identity/frontend-settings.ts";
import { Invitations } from "#/local/identity/invitations.ts";
import { organizationRoutes } from "#/local/identity/organization-routes.ts";
import type { Provider } from "#/local/identity/provider.ts";
import { Refusal } from "#/local/identity/refusal.ts";
import { signInRoutes } from "#/local/identity/sign-in-routes.ts";
import { signUpRoutes } from "#/local/identity/sign-up-routes.ts";
import { userRoutes } from "#/local/identity/user-routes.ts";

/** Clerk's Frontend API: what clerk-js in the app's pages uses, with the browser's cookie. */
export function frontendRoutes(provider: Provider): Hono {
  const { appUrl } = provider;
  const invitations = new Invitations(provider.store, provider.directory);
  const settings = frontendSettings(appUrl);

  const routes = new Hono().basePath("/v1");
  routes.use(
    cors({
      origin: appUrl,
      credentials: true,
      allowHeaders: ["authorization", "content-type"],
      exposeHeaders: ["authorization"],
    }),
  );
  routes.use(requireOwnPages(appUrl));
  // clerk-js sends PATCH and DELETE as POST, to spare the browser a preflight.
  routes.use(methodOverride({ app: routes, query: "_method" }));
  routes.on(["GET", "POST", "PATCH"], "/environment", (c) => c.json(settings));
  routes.get("/.well-known/jwks.json", (c) => c.json(provider.tokens.jwks));
  routes.route("/client/sign_ins", signInRoutes(provider));
  routes.route("/client/sign_ups", signUpRoutes(provider));
  routes.route("/client", clientRoutes(provider));
  routes.route("/me", userRoutes(provider, invitations));
  routes.route("/organizations", organizationRoutes(provider, invitations));
  return routes;
}

/** Cookies of localhost come along from pages on every port; only the app's own may change something with them. */
function requireOwnPages(appUrl: string): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method === "GET" || c.req.header("origin") === appUrl) return next();
    throw new Refusal(403, "origin_invalid", { message: `This is not a page of ${appUrl}.` });
  };
}
