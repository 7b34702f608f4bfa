import { type Context, Hono } from "hono";
import { Browser } from "#/local/identity/browser.ts";
import { Form } from "#/local/identity/form.ts";
import type { Invitations } from "#/local/identity/invitations.ts";
import { passwordMatches } from "#/local/identity/password.ts";
import type { Provider } from "#/local/identity/provider.ts";
import { Refusal } from "#/local/identity/refusal.ts";
import { deleted, page } from "#/local/identity/views.ts";

/** `/me`: the signed-in user: profile, password, and the organizations they are in or invited to. */
export function userRoutes(provider: Provider, invitations: Invitations): Hono {
  const { directory, views } = provider;
  const routes = new Hono();
  const openBrowser = (c: Context) => new Browser(c, provider);

  routes.get("/", (c) => {
    const browser = openBrowser(c);
    return browser.answer(views.user(browser.user));
  });
  routes.patch("/", async (c) => {
    const browser = openBrowser(c);
    const form = await Form.read(c);
    const { user } = browser;
    const changes = {
      firstName: form.text("first_name") ?? user.firstName,
      lastName: form.text("last_name") ?? user.lastName,
    };
    return browser.answer(views.user(directory.updateUser(user.id, changes)));
  });
  routes.post("/change_password", async (c) => {
    const browser = openBrowser(c);
    const form = await Form.read(c);
    const { user } = browser;
    if (!(await passwordMatches(form.text("current_password") ?? "", user.passwordHash))) {
      throw new Refusal(422, "form_password_incorrect", {
        message: "Password is incorrect.",
        field: "current_password",
      });
    }
    return browser.answer(
      views.user(await directory.changePassword(user.id, form.text("new_password") ?? "")),
    );
  });
  routes.get("/sessions/active", async (c) => {
    const browser = openBrowser(c);
    return c.json([await browser.sessionView(browser.requireSession())]);
  });
  routes.get("/organization_memberships", (c) => {
    const browser = openBrowser(c);
    const memberships = directory.listMemberships({ userId: browser.user.id });
    return browser.answer(page(memberships.map((membership) => views.membership(membership))));
  });
  routes.delete("/organization_memberships/:organization", (c) => {
    const browser = openBrowser(c);
    const left = directory.leave(c.req.param("organization"), browser.user.id);
    return browser.answer(deleted("organization_membership", left.id));
  });
  routes.get("/organization_invitations", (c) => {
    const browser = openBrowser(c);
    return browser.answer(
      page(invitations.pendingFor(browser.user).map((invitation) => views.invitation(invitation))),
    );
  });
  routes.post("/organization_invitations/:id/accept", (c) => {
    const browser = openBrowser(c);
    return browser.answer(views.invitation(invitations.accept(c.req.param("id"), browser.user)));
  });
  routes.get("/organization_suggestions", (c) => openBrowser(c).answer(page([])));
  return routes;
}
