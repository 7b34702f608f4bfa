import { timingSafeEqual } from "node:crypto";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import * as v from "valibot";
import { parseRole } from "#/local/identity/organization-routes.ts";
import type { Provider } from "#/local/identity/provider.ts";
import { found, Refusal } from "#/local/identity/refusal.ts";
import type { SessionRecord } from "#/local/identity/store.ts";
import { deleted, page } from "#/local/identity/views.ts";

const optional = v.nullish(v.string());
const NewUser = v.object({
  email_address: v.tuple([v.string()]),
  password: optional,
  first_name: optional,
  last_name: optional,
});
const UserChanges = v.object({ first_name: optional, last_name: optional, password: optional });
const NewOrganization = v.object({ name: v.string(), slug: optional, created_by: optional });
const OrganizationChanges = v.object({ name: optional, slug: optional });
const NewMember = v.object({ user_id: v.string(), role: v.string() });
const NewSession = v.object({ user_id: v.string() });
const NewToken = v.object({ expires_in_seconds: v.nullish(v.number()) });

/** Clerk's Backend API: what servers and scripts use, with the secret key. */
export function backendRoutes(provider: Provider, secretKey: string): Hono {
  const routes = new Hono().basePath("/v1");
  routes.use(requireSecretKey(secretKey));
  routes.get("/jwks", (c) => c.json(provider.tokens.jwks));
  userBackend(routes, provider);
  organizationBackend(routes, provider);
  sessionBackend(routes, provider);
  return routes;
}

function requireSecretKey(secretKey: string): MiddlewareHandler {
  const expected = Buffer.from(`Bearer ${secretKey}`);
  return async (c, next) => {
    const given = Buffer.from(c.req.header("authorization") ?? "");
    if (given.length === expected.length && timingSafeEqual(given, expected)) return next();
    throw new Refusal(401, "clerk_key_invalid", { message: "The provided Clerk Secret Key is invalid." });
  };
}

function userBackend(routes: Hono, { store, directory, views }: Provider): void {
  routes.get("/users", (c) => {
    const emails = c.req.queries("email_address");
    return c.json(
      store
        .all("users")
        .filter(({ email }) => !emails || emails.includes(email))
        .map((user) => views.user(user)),
    );
  });
  routes.get("/users/count", (c) =>
    c.json({ object: "total_count", total_count: store.all("users").length }),
  );
  routes.post("/users", async (c) => {
    const { email_address, password, first_name, last_name } = await body(c, NewUser);
    const user = await directory.createUser({
      email: email_address[0],
      password: password ?? undefined,
      firstName: first_name ?? null,
      lastName: last_name ?? null,
    });
    return c.json(views.user(user));
  });
  routes.get("/users/:id", (c) =>
    c.json(views.user(found(store.get("users", c.req.param("id")), "The user"))),
  );
  routes.patch("/users/:id", async (c) => {
    const user = found(store.get("users", c.req.param("id")), "The user");
    const { first_name = user.firstName, last_name = user.lastName, password } = await body(c, UserChanges);
    if (password) await directory.changePassword(user.id, password);
    return c.json(views.user(directory.updateUser(user.id, { firstName: first_name, lastName: last_name })));
  });
  routes.delete("/users/:id", (c) => {
    directory.deleteUser(c.req.param("id"));
    return c.json(deleted("user", c.req.param("id")));
  });
  routes.get("/users/:id/organization_memberships", (c) => {
    return c.json(
      page(
        directory
          .listMemberships({ userId: c.req.param("id") })
          .map((membership) => views.membership(membership)),
      ),
    );
  });
}

function organizationBackend(routes: Hono, provider: Provider): void {
  const { store, directory, views } = provider;
  routes.get("/organizations", (c) =>
    c.json(page(store.all("organizations").map((organization) => views.organization(organization)))),
  );
  routes.post("/organizations", async (c) => {
    const { name, slug, created_by } = await body(c, NewOrganization);
    return c.json(
      views.organization(
        directory.createOrganization({ name, slug: slug ?? undefined, createdBy: created_by ?? null }),
      ),
    );
  });
  routes.get("/organizations/:id", (c) => {
    const name = c.req.param("id");
    return c.json(
      views.organization(
        found(
          store.find("organizations", ({ id, slug }) => id === name || slug === name),
          "The organization",
        ),
      ),
    );
  });
  routes.patch("/organizations/:id", async (c) => {
    const { name, slug } = await body(c, OrganizationChanges);
    return c.json(
      views.organization(
        directory.updateOrganization(c.req.param("id"), { name: name ?? undefined, slug: slug ?? undefined }),
      ),
    );
  });
  routes.delete("/organizations/:id", (c) => {
    directory.deleteOrganization(c.req.param("id"));
    return c.json(deleted("organization", c.req.param("id")));
  });
  membershipBackend(routes, provider);
}

function membershipBackend(routes: Hono, { directory, views }: Provider): void {
  routes.get("/organizations/:id/memberships", (c) => {
    return c.json(
      page(
        directory
          .listMemberships({ organizationId: c.req.param("id") })
          .map((membership) => views.membership(membership)),
      ),
    );
  });
  routes.post("/organizations/:id/memberships", async (c) => {
    const { user_id, role } = await body(c, NewMember);
    return c.json(views.membership(directory.addMember(c.req.param("id"), user_id, parseRole(role))));
  });
  routes.patch("/organizations/:id/memberships/:user", async (c) => {
    const { role } = await body(c, v.pick(NewMember, ["role"]));
    return c.json(
      views.membership(directory.changeRole(c.req.param("id"), c.req.param("user"), parseRole(role))),
    );
  });
  routes.delete("/organizations/:id/memberships/:user", (c) => {
    const membership = found(directory.membership(c.req.param("id"), c.req.param("user")), "The member");
    const view = views.membership(membership);
    directory.removeMember(membership.organizationId, membership.userId);
    return c.json(view);
  });
}

/** Sessions and tokens for scripts and tests, which have no browser. */
function sessionBackend(routes: Hono, { store, sessions, tokens }: Provider): void {
  const session = (id: string) => found(store.get("sessions", id), "The session");
  routes.post("/sessions", async (c) => {
    const { user_id } = await body(c, NewSession);
    return c.json(sessionView(sessions.start(found(store.get("users", user_id), "The user").id, null)));
  });
  routes.get("/sessions/:id", (c) => c.json(sessionView(session(c.req.param("id")))));
  routes.post("/sessions/:id/revoke", (c) => {
    const revoked = session(c.req.param("id"));
    store.delete("sessions", revoked.id);
    return c.json({ ...sessionView(revoked), status: "revoked" });
  });
  routes.post("/sessions/:id/tokens", async (c) => {
    const { expires_in_seconds } = await body(c, NewToken);
    return c.json({
      object: "token",
      jwt: await tokens.sign(session(c.req.param("id")), {
        lifetimeSeconds: expires_in_seconds ?? undefined,
      }),
    });
  });
}

function sessionView(session: SessionRecord) {
  return {
    object: "session",
    id: session.id,
    client_id: session.clientId ?? "",
    user_id: session.userId,
    status: "active",
    last_active_organization_id: session.organizationId,
    actor: null,
    last_active_at: session.lastActiveAt,
    expire_at: session.lastActiveAt + 7 * 86_400_000,
    abandon_at: session.lastActiveAt + 30 * 86_400_000,
    created_at: session.createdAt,
    updated_at: session.lastActiveAt,
  };
}

/** The JSON body; none counts as empty. */
async function body<Schema extends v.GenericSchema>(
  c: Context,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const json: unknown = JSON.parse((await c.req.text()) || "{}");
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Refusal(422, "form_param_format_invalid", {
    message: issue.message,
    field: v.getDotPath(issue) ?? "body",
  });
}
