import path from "node:path";
import { NextFetchEvent } from "next/dist/server/web/spec-extension/fetch-event.js";
import { NextRequest } from "next/server";
import { unstable_doesMiddlewareMatch as doesMiddlewareMatch } from "next/experimental/testing/server";
import { Client } from "pg";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { POST as receiveClerkWebhook } from "#/app/api/clerk/route.ts";
import { database } from "#/db/client.ts";
import { applyIdentityChange, provisionWorkspace } from "#/db/identity.ts";
import type { IdentityChange } from "#/lib/auth/identity-change.ts";
import { idFromClerk } from "#/lib/auth/identifier.ts";
import middleware, { config } from "#/middleware.ts";
import { startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { eventually } from "#/tests/support/eventually.ts";
import {
  addPerson,
  APP_URL,
  type Clerk,
  clerkFor,
  PUBLIC_KEY,
  PUBLISHABLE_KEY,
  SECRET_KEY,
  startReceiver,
  startTestIdentity,
  temporaryFolder,
  tokenFor,
  WEBHOOK_SECRET,
} from "#/tests/support/identity.ts";

// Clerk's SDK reads it when it is loaded.
vi.hoisted(() => void (process.env["CLERK_SECRET_KEY"] = "sk_live_contract"));

// Our side of the identity provider: the middleware at the edge, and the copy of people and workspaces in Postgres.
const { folder, remove } = temporaryFolder();
let db: TestDatabase;
let owner: Client;
let clerk: Clerk;
let stop: () => Promise<void>;

beforeAll(async () => {
  db = await startTestDatabase();
  owner = new Client({ connectionString: db.ownerUrl });
  await owner.connect();
  const receiver = await startReceiver((request) => receiveClerkWebhook(request));
  const identity = await startTestIdentity({
    file: path.join(folder, "identity.json"),
    webhookUrl: receiver.url,
  });
  clerk = clerkFor(identity.port);
  setEnvironment({
    APP_URL,
    DATABASE_URL: db.runtimeUrl,
    CLERK_SECRET_KEY: SECRET_KEY,
    CLERK_JWT_KEY: PUBLIC_KEY,
    CLERK_WEBHOOK_SIGNING_SECRET: WEBHOOK_SECRET,
    CLERK_API_URL: `http://127.0.0.1:${identity.port}`,
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
    NEXT_PUBLIC_CLERK_PROXY_URL: `http://localhost:${identity.port}`,
  });
  stop = async () => {
    await identity.stop();
    await receiver.stop();
    await database().close();
    await owner.end();
    await db.stop();
    remove();
  };
});
afterAll(() => stop());

let clock = Date.now();
/** Tells of a change, each a second after the one before unless it says when. */
const tell = (deliveryId: string, change: IdentityChange, toldAt = (clock += 1_000)) =>
  applyIdentityChange(database().system, { deliveryId, toldAt, change });

const readRows = async (text: string, ...parameters: unknown[]) => {
  const { rows } = await owner.query<Record<string, unknown>>(text, parameters);
  return rows;
};
const userRow = async (clerkId: string) =>
  (await readRows("select * from users where clerk_id = $1", clerkId))[0];
const workspaceRow = async (clerkId: string) =>
  (await readRows("select * from workspaces where clerk_org_id = $1", clerkId))[0];
const memberRows = (clerkOrgId: string) =>
  readRows("select * from members where workspace_id = $1 order by created_at", idFromClerk(clerkOrgId));

describe("webhooks of the identity provider", () => {
  it("bring a person, their workspace and their role, under ids that tokens tell too", async () => {
    const { user, organization, email } = await addPerson(clerk, "ada");
    const [member] = await eventually(async () => {
      const rows = await memberRows(organization.id);
      return rows.length > 0 ? rows : undefined;
    });
    expect(member).toMatchObject({ user_id: idFromClerk(user.id), role: "admin" });
    expect(await userRow(user.id)).toMatchObject({ id: idFromClerk(user.id), email, name: "ada Test" });
    expect(await workspaceRow(organization.id)).toMatchObject({
      id: idFromClerk(organization.id),
      name: "ada Works",
      slug: "ada-works",
      owner_id: idFromClerk(user.id),
    });
  });

  it("bring changes and deletions", async () => {
    const { user, organization } = await addPerson(clerk, "barbara");
    const guest = await clerk.users.createUser({
      emailAddress: ["guest@cairn.test"],
      password: "password-of-guest",
    });
    const membership = { organizationId: organization.id, userId: guest.id };
    await clerk.organizations.createOrganizationMembership({ ...membership, role: "org:member" });
    await clerk.organizations.updateOrganizationMembership({ ...membership, role: "org:admin" });
    await clerk.organizations.updateOrganization(organization.id, { name: "Renamed" });
    await eventually(async () =>
      (await workspaceRow(organization.id))?.["name"] === "Renamed" ? true : undefined,
    );
    expect((await memberRows(organization.id)).map(({ role }) => role)).toEqual(["admin", "admin"]);
    await clerk.organizations.deleteOrganizationMembership(membership);
    await clerk.users.deleteUser(guest.id);
    await eventually(async () => ((await userRow(guest.id)) ? undefined : true));
    expect((await memberRows(organization.id)).map(({ user_id }) => user_id)).toEqual([idFromClerk(user.id)]);
    await clerk.organizations.deleteOrganization(organization.id);
    await eventually(async () => ((await workspaceRow(organization.id)) ? undefined : true));
  });

  it("give a person back their address when it was another's", async () => {
    const email = "reused@cairn.test";
    const person = (clerkUserId: string) =>
      ({ kind: "person-known", person: { clerkUserId, email } }) as const;
    await tell("reused-1", person("user_before"));
    await tell("reused-2", person("user_after"));
    expect(await userRow("user_before")).toMatchObject({ email: null });
    expect(await userRow("user_after")).toMatchObject({ email });
  });

  it("are applied once: a repeated delivery changes nothing", async () => {
    const rename = (name: string) =>
      ({
        kind: "organization-known",
        organization: { clerkOrgId: "org_repeated", name, slug: "repeated" },
      }) as const;
    expect(await tell("delivery-1", rename("First"))).toBe("applied");
    expect(await tell("delivery-2", rename("Second"))).toBe("applied");
    expect(await tell("delivery-1", rename("First"))).toBe("repeated");
    expect(await workspaceRow("org_repeated")).toMatchObject({ name: "Second" });
  });

  it("may bring a membership before its people and organization", async () => {
    const change = {
      kind: "member-known",
      person: { clerkUserId: "user_early" },
      organization: { clerkOrgId: "org_early", name: "Early", slug: "early" },
      role: "member",
    } as const;
    await tell("early-1", change);
    expect(await memberRows("org_early")).toMatchObject([
      { user_id: idFromClerk("user_early"), role: "member" },
    ]);
  });

  it("are refused unsigned, changed, stale or signed by another, and change nothing", async () => {
    const body = JSON.stringify({
      type: "user.deleted",
      object: "event",
      timestamp: (clock += 3_600_000),
      data: { object: "user", id: "user_after", deleted: true },
    });
    const send = ({
      sent = body,
      secret = WEBHOOK_SECRET,
      ageMs = 0,
    }: {
      sent?: string;
      secret?: string;
      ageMs?: number;
    }) => {
      const at = new Date(Date.now() - ageMs);
      const headers = {
        "svix-id": "msg_forged",
        "svix-timestamp": String(Math.floor(at.getTime() / 1000)),
        "svix-signature": new Webhook(secret).sign("msg_forged", at, body),
      };
      return receiveClerkWebhook(
        new NextRequest(`${APP_URL}/api/clerk`, { method: "POST", headers, body: sent }),
      );
    };
    const forged = [
      send({ sent: body.replace("user_after", "user_before") }),
      send({ secret: `whsec_${btoa("another secret, not ours")}` }),
      send({ ageMs: 6 * 60_000 }),
    ];
    expect((await Promise.all(forged)).map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(
      (await receiveClerkWebhook(new NextRequest(`${APP_URL}/api/clerk`, { method: "POST", body }))).status,
    ).toBe(401);
    expect(await userRow("user_after")).toBeDefined();
    expect((await send({})).status).toBe(204);
    expect(await userRow("user_after")).toBeUndefined();
  });
});

describe("events that come out of order", () => {
  const start = Date.now();
  const at = (ms: number) => start + ms;
  const person = (name: string): IdentityChange => ({
    kind: "person-known",
    person: { clerkUserId: "user_late", name },
  });
  const organization = { clerkOrgId: "org_late", name: "Late", slug: "late" };
  const member = (role: "admin" | "member"): IdentityChange => ({
    kind: "member-known",
    organization,
    person: { clerkUserId: "user_late" },
    role,
  });
  const gone: IdentityChange = { kind: "member-gone", clerkOrgId: "org_late", clerkUserId: "user_late" };
  const roles = async () => (await memberRows("org_late")).map(({ role }) => role);

  it("bring no old name and no old role back", async () => {
    await tell("late-1", person("New name"), at(2_000));
    await tell("late-2", person("Old name"), at(1_000));
    expect(await userRow("user_late")).toMatchObject({ name: "New name" });
    await tell("late-3", member("member"), at(4_000));
    await tell("late-4", member("admin"), at(3_000));
    expect(await roles()).toEqual(["member"]);
  });

  it("bring nobody back who has left, whose account or organization is deleted, until they come again", async () => {
    await tell("late-5", gone, at(6_000));
    await tell("late-6", member("admin"), at(5_000));
    await provisionWorkspace(database().system, {
      clerkUserId: "user_late",
      clerkOrgId: "org_late",
      slug: "late",
      role: "admin",
      toldAt: at(5_500),
    });
    expect(await roles()).toEqual([]);
    await tell("late-7", member("admin"), at(7_000));
    expect(await roles()).toEqual(["admin"]);
    await tell("late-8", { kind: "person-gone", clerkUserId: "user_late" }, at(9_000));
    await tell("late-9", person("Ghost"), at(8_000));
    await tell("late-10", member("admin"), at(8_500));
    await tell(
      "late-11",
      { kind: "organization-known", organization: { ...organization, createdBy: "user_late" } },
      at(8_600),
    );
    expect(await userRow("user_late")).toBeUndefined();
    await tell("late-12", { kind: "organization-gone", clerkOrgId: "org_late" }, at(9_500));
    await tell("late-13", { kind: "organization-known", organization }, at(9_400));
    await provisionWorkspace(database().system, {
      clerkUserId: "user_other",
      clerkOrgId: "org_late",
      slug: "late",
      role: "admin",
      toldAt: at(9_450),
    });
    expect(await workspaceRow("org_late")).toBeUndefined();
    await tell("late-14", { kind: "organization-known", organization }, at(9_600));
    expect(await workspaceRow("org_late")).toBeDefined();
  });

  it("that delete something win over others of the same moment, in either order", async () => {
    await tell("same-1", { kind: "person-gone", clerkUserId: "user_same" }, at(5_000));
    await tell("same-2", { kind: "person-known", person: { clerkUserId: "user_same" } }, at(5_000));
    expect(await userRow("user_same")).toBeUndefined();
  });

  it("that are signed and cannot be read are refused, and change nothing", async () => {
    for (const data of [undefined, null, {}, { id: 7 }, { id: "user_x", email_addresses: "none" }]) {
      for (const type of [
        "user.created",
        "organization.updated",
        "organizationMembership.created",
        "organizationMembership.deleted",
        "user.deleted",
      ]) {
        const body = JSON.stringify({
          type,
          object: "event",
          timestamp: Date.now(),
          ...(data !== undefined && { data }),
        });
        const sentAt = new Date();
        const id = `msg_${Math.random()}`;
        const headers = {
          "svix-id": id,
          "svix-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
          "svix-signature": new Webhook(WEBHOOK_SECRET).sign(id, sentAt, body),
        };
        const { status } = await receiveClerkWebhook(
          new NextRequest(`${APP_URL}/api/clerk`, { method: "POST", headers, body }),
        );
        expect({ type, data, status }).toEqual({
          type,
          data,
          status: type === "user.deleted" && data?.id === "user_x" ? 204 : 422,
        });
      }
    }
  });
});

describe("a first visit that outruns the webhook", () => {
  const claims = {
    clerkUserId: "user_swift",
    clerkOrgId: "org_swift",
    slug: "swift",
    role: "admin",
  } as const;
  const toldAt = () => (clock += 1_000);

  it("makes what it needs, also when two visits come at once", async () => {
    await Promise.all([
      provisionWorkspace(database().system, { ...claims, toldAt: toldAt() }),
      provisionWorkspace(database().system, { ...claims, toldAt: toldAt() }),
    ]);
    expect(await workspaceRow("org_swift")).toMatchObject({
      name: "swift",
      slug: "swift",
      owner_id: idFromClerk("user_swift"),
    });
    expect(await memberRows("org_swift")).toMatchObject([{ role: "admin" }]);
  });

  it("takes nothing back that the webhook has told, but believes the token about the role", async () => {
    await tell("swift-1", {
      kind: "organization-known",
      organization: { clerkOrgId: "org_swift", name: "Swift Works", slug: "swift" },
    });
    await provisionWorkspace(database().system, { ...claims, role: "member", toldAt: toldAt() });
    expect(await workspaceRow("org_swift")).toMatchObject({ name: "Swift Works" });
    expect(await memberRows("org_swift")).toMatchObject([{ role: "member" }]);
  });
});

describe("middleware", () => {
  const pass = async (headers: Record<string, string>, where = "/api/v1/me") => {
    const request = new NextRequest(APP_URL + where, { headers });
    const answer = await middleware(
      request,
      new NextFetchEvent({ request, page: where, context: undefined }),
    );
    return new Headers(answer?.headers);
  };
  /** What the middleware tells the handlers behind it. */
  const readStatus = async (headers: Record<string, string>) =>
    (await pass(headers)).get("x-middleware-request-x-clerk-auth-status");

  it("knows a person by the session token, without asking anybody", async () => {
    const { user } = await addPerson(clerk, "grace");
    const token = await tokenFor(clerk, user.id);
    expect(await readStatus({ authorization: `Bearer ${token}` })).toBe("signed-in");
    expect(await readStatus({ cookie: `__session=${token}; __client_uat=1` })).toBe("signed-in");
  });

  it("takes everybody else for signed out: no token, an old one, a changed one, an API key, headers that pretend", async () => {
    const { user } = await addPerson(clerk, "mallory");
    const token = await tokenFor(clerk, user.id);
    for (const authorization of [
      "",
      `Bearer ${await tokenFor(clerk, user.id, -60)}`,
      `Bearer ${token.slice(0, -8)}AAAAAAAA`,
      `Bearer cairn_${"x".repeat(43)}`,
    ]) {
      expect(await readStatus({ authorization })).toBe("signed-out");
    }
    expect(await readStatus({ "x-clerk-auth-status": "signed-in", "x-clerk-auth-token": token })).toBe(
      "signed-out",
    );
  });

  it("takes a token that was made for another app of the same provider for none", async () => {
    const other = await startTestIdentity({
      file: path.join(folder, "other.json"),
      appUrl: "http://localhost:4000",
    });
    const { user } = await addPerson(clerkFor(other.port), "visitor");
    const token = await tokenFor(clerkFor(other.port), user.id);
    await other.stop();
    expect(await readStatus({ authorization: `Bearer ${token}` })).toBe("signed-out");
  });

  it("sends a page's browser with an old token to the identity provider of the environment", async () => {
    const { user } = await addPerson(clerk, "returning");
    const cookie = `__session=${await tokenFor(clerk, user.id, -60)}; __client_uat=1`;
    const location = (await pass({ cookie, accept: "text/html", "sec-fetch-dest": "document" }, "/runs")).get(
      "location",
    );
    expect(location).toContain(
      `${process.env["NEXT_PUBLIC_CLERK_PROXY_URL"]}/v1/client/handshake?redirect_url=${encodeURIComponent(`${APP_URL}/runs`)}`,
    );
  });

  it("covers pages and the API, and not the doors where no person comes in", () => {
    const covers = (url: string) => doesMiddlewareMatch({ config, url: APP_URL + url });
    const covered = [
      "/",
      "/sign-in/factor-one",
      "/harbor-cloud/runs",
      "/api/v1/runs",
      "/api/v1/documents/notes.txt",
      "/api/openapi.json",
      "/api/healthy",
      "/api/clerkish",
    ];
    const left = [
      "/api/queue/run",
      "/api/queue/tick",
      "/api/hooks/token",
      "/api/health",
      "/api/metrics",
      "/api/clerk",
      "/_next/static/a.js",
      "/icon.svg",
    ];
    expect(covered.filter((url) => !covers(url))).toEqual([]);
    expect(left.filter((url) => covers(url))).toEqual([]);
  });
});
