import { type Context, Hono } from "hono";
import { Browser } from "#/local/identity/browser.ts";
import { Form } from "#/local/identity/form.ts";
import type { Invitations } from "#/local/identity/invitations.ts";
import type { Provider } from "#/local/identity/provider.ts";
import { found, Refusal } from "#/local/identity/refusal.ts";
import type { OrganizationRole } from "#/local/identity/store.ts";
import { deleted, page, rolesView } from "#/local/identity/views.ts";

/** The request of a signed-in person in one organization. */
interface Visit {
  readonly browser: Browser;
  readonly organizationId: string;
}

/** `/organizations`: members may look, admins may change. */
export function organizationRoutes(provider: Provider, invitations: Invitations): Hono {
  const { directory, views } = provider;
  const routes = new Hono();

  routes.post("/", async (c) => {
    const browser = new Browser(c, provider);
    const form = await Form.read(c);
    const organization = directory.createOrganization({
      name: form.text("name") ?? "",
      slug: form.text("slug"),
      createdBy: browser.user.id,
    });
    return browser.answer(views.organization(organization));
  });
  routes.get("/:organization", (c) => {
    const { browser, organizationId } = asMember(c, provider);
    return browser.answer(
      views.organization(found(provider.store.get("organizations", organizationId), "The organization")),
    );
  });
  routes.patch("/:organization", async (c) => {
    const { browser, organizationId } = asAdmin(c, provider);
    const form = await Form.read(c);
    return browser.answer(
      views.organization(
        directory.updateOrganization(organizationId, { name: form.text("name"), slug: form.text("slug") }),
      ),
    );
  });
  routes.delete("/:organization", (c) => {
    const { browser, organizationId } = asAdmin(c, provider);
    directory.deleteOrganization(organizationId);
    return browser.answer(deleted("organization", organizationId));
  });
  routes.get("/:organization/roles", (c) => asMember(c, provider).browser.answer(page(rolesView())));
  routes.get("/:organization/membership_requests", (c) => asMember(c, provider).browser.answer(page([])));
  routes.get("/:organization/domains", (c) => asMember(c, provider).browser.answer(page([])));
  membershipRoutes(routes, provider);
  invitationRoutes(routes, provider, invitations);
  return routes;
}

function membershipRoutes(routes: Hono, provider: Provider): void {
  const { directory, views } = provider;
  routes.get("/:organization/memberships", (c) => {
    const { browser, organizationId } = asMember(c, provider);
    return browser.answer(
      page(directory.listMemberships({ organizationId }).map((membership) => views.membership(membership))),
    );
  });
  routes.patch("/:organization/memberships/:user", async (c) => {
    const { browser, organizationId } = asAdmin(c, provider);
    const role = parseRole((await Form.read(c)).text("role"));
    return browser.answer(views.membership(directory.changeRole(organizationId, c.req.param("user"), role)));
  });
  routes.delete("/:organization/memberships/:user", (c) => {
    const { browser, organizationId } = asAdmin(c, provider);
    const membership = found(directory.membership(organizationId, c.req.param("user")), "The member");
    const view = views.membership(membership);
    directory.leave(organizationId, membership.userId);
    return browser.answer(view);
  });
}

function invitationRoutes(routes: Hono, provider: Provider, invitations: Invitations): void {
  const { views } = provider;
  routes.get("/:organization/invitations", (c) => {
    const { browser, organizationId } = asMember(c, provider);
    return browser.answer(
      page(invitations.pendingIn(organizationId).map((invitation) => views.invitation(invitation))),
    );
  });
  const invite = async (c: Context) => {
    const { browser, organizationId } = asAdmin(c, provider);
    const form = await Form.read(c);
    const role = parseRole(form.text("role"));
    const made = form
      .texts("email_address")
      .map((email) => views.invitation(invitations.invite(organizationId, { email, role })));
    return { browser, made };
  };
  routes.post("/:organization/invitations", async (c) => {
    const { browser, made } = await invite(c);
    return browser.answer(made[0]);
  });
  routes.post("/:organization/invitations/bulk", async (c) => {
    const { browser, made } = await invite(c);
    return browser.answer(made);
  });
  routes.post("/:organization/invitations/:id/revoke", (c) => {
    const { browser, organizationId } = asAdmin(c, provider);
    return browser.answer(views.invitation(invitations.revoke(organizationId, c.req.param("id"))));
  });
}

/** A stranger learns nothing, not even whether the organization exists. */
function asMember(c: Context, provider: Provider): Visit {
  const browser = new Browser(c, provider);
  const { organizationId } = found(
    provider.directory.membership(c.req.param("organization") ?? "", browser.user.id),
    "The organization",
  );
  return { browser, organizationId };
}

function asAdmin(c: Context, provider: Provider): Visit {
  const visit = asMember(c, provider);
  const membership = provider.directory.membership(visit.organizationId, visit.browser.user.id);
  if (membership?.role !== "org:admin") throw Refusal.forbidden();
  return visit;
}

export function parseRole(text: string | undefined): OrganizationRole {
  if (text === "org:admin" || text === "org:member") return text;
  throw new Refusal(422, "form_param_value_invalid", {
    message: "A role is org:admin or org:member.",
    field: "role",
  });
}
