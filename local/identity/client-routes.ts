import { type Context, Hono } from "hono";
import { Browser } from "#/local/identity/browser.ts";
import { Form } from "#/local/identity/form.ts";
import type { Provider } from "#/local/identity/provider.ts";
import { Refusal } from "#/local/identity/refusal.ts";
import type { SessionRecord } from "#/local/identity/store.ts";

/** `/client`: the browser, its session, fresh tokens, sign-out, and the handshake by which the app's server learns of it. */
export function clientRoutes(provider: Provider): Hono {
  const openBrowser = (c: Context) => new Browser(c, provider);
  const show = async (c: Context) => {
    const browser = openBrowser(c);
    return c.json({ response: await browser.clientView(), client: null });
  };
  const signOut = async (c: Context) => {
    const browser = openBrowser(c);
    browser.signOut();
    return browser.answer(null);
  };

  const routes = new Hono();
  routes.on(["GET", "POST", "PUT"], "/", show);
  routes.delete("/", signOut);
  routes.delete("/sessions", signOut);
  routes.post("/sessions/:id/end", signOut);
  routes.post("/sessions/:id/remove", signOut);
  routes.post("/sessions/:id/touch", async (c) => {
    const browser = openBrowser(c);
    const session = touched(
      provider,
      ownSession(browser, c.req.param("id")),
      (await Form.read(c)).text("active_organization_id"),
    );
    return browser.answer(await browser.sessionView(session));
  });
  routes.post("/sessions/:id/tokens", async (c) => {
    const browser = openBrowser(c);
    const wished = (await Form.read(c)).text("organization_id");
    const organizationId = wished === undefined ? undefined : wished || null;
    const jwt = await provider.tokens.sign(ownSession(browser, c.req.param("id")), { organizationId });
    return c.json({ object: "token", jwt });
  });
  routes.get("/handshake", (c) => handshake(c, provider));
  return routes;
}

function ownSession(browser: Browser, id: string): SessionRecord {
  const { session } = browser;
  if (session?.id !== id) throw Refusal.signedOut();
  return session;
}

/** An empty organization means none. One the user does not belong to is refused. */
function touched(provider: Provider, session: SessionRecord, wished: string | undefined): SessionRecord {
  if (wished === undefined) return provider.sessions.activate(session, session.organizationId);
  const organizationId =
    wished === ""
      ? null
      : (provider.directory.membership(wished, session.userId)?.organizationId ?? undefined);
  if (organizationId === undefined) throw Refusal.notFound("The organization");
  return provider.sessions.activate(session, organizationId);
}

/** Answers a browser that the app's server sends whose token is missing or old. It comes back with fresh cookies. */
async function handshake(c: Context, provider: Provider): Promise<Response> {
  const back = URL.parse(c.req.query("redirect_url") ?? "");
  if (back?.origin !== provider.appUrl)
    throw new Refusal(400, "invalid_url", {
      message: "redirect_url has to be a page of the app.",
      field: "redirect_url",
    });
  await new Browser(c, provider).refreshAppCookies();
  return c.redirect(back.href, 307);
}
