import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { assetRoutes } from "#/local/identity/asset-routes.ts";
import { backendRoutes } from "#/local/identity/backend-routes.ts";
import { frontendRoutes } from "#/local/identity/frontend-routes.ts";
import { Outbox, type WebhookTarget } from "#/local/identity/outbox.ts";
import { type Admits, assembleProvider } from "#/local/identity/provider.ts";
import { Refusal } from "#/local/identity/refusal.ts";
import { IdentityStore } from "#/local/identity/store.ts";
import { TokenIssuer } from "#/local/identity/tokens.ts";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";

export interface IdentityOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Origin of the app: the only pages that may use the Frontend API. */
  readonly appUrl: string;
  /** Who may sign up: everybody, or who was invited to an organization. */
  readonly admits: Admits;
  /** The file in which people, organizations, sessions and unsent webhooks are kept. */
  readonly file: string;
  readonly issuer: string;
  /** RSA, PKCS #8. */
  readonly privateKeyPem: string;
  readonly secretKey: string;
  readonly webhook: WebhookTarget;
}

/** Paths of the Frontend API. Everything else below /v1 is the Backend API's, and so is whatever carries a key. */
const FRONTEND = /^\/v1\/(environment|client|me|organizations|\.well-known)(\/|$)/;

/** Clerk on 127.0.0.1: Frontend API, Backend API, webhooks, and the real clerk-js and Clerk UI out of node_modules. */
export async function startIdentity(
  options: IdentityOptions,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const { appUrl, file, secretKey } = options;
  const store = new IdentityStore(file);
  const outbox = new Outbox(store, options.webhook);
  const provider = assembleProvider({
    appUrl,
    admits: options.admits,
    store,
    tokens: await TokenIssuer.open(store, options),
    outbox,
  });
  const frontend = frontendRoutes(provider).onError(explain);
  const backend = backendRoutes(provider, secretKey).onError(explain);

  const app = new Hono();
  app.route("/npm", assetRoutes());
  app.all("/v1/*", (c) => {
    const isFrontend = FRONTEND.test(c.req.path) && c.req.header("authorization") === undefined;
    return (isFrontend ? frontend : backend).fetch(c.req.raw, c.env);
  });
  app.onError(explain);

  const server = createAdaptorServer({ fetch: app.fetch });
  const port = await listenOnLoopback(server, options.port);
  outbox.start();
  const stop = async () => {
    await closeServer(server);
    await outbox.stop();
  };
  return { port, stop };
}

function explain(error: Error): Response {
  const refusal =
    error instanceof Refusal ? error : new Refusal(500, "internal_clerk_error", { message: error.message });
  if (refusal.status === 500) console.error("identity façade:", error);
  // Exactly this type: with a charset, Clerk's server SDK takes the body for text.
  return new Response(JSON.stringify(refusal.toBody()), {
    status: refusal.status,
    headers: { "content-type": "application/json" },
  });
}
