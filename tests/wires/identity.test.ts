import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyToken } from "@clerk/nextjs/server";
import { verifyWebhook } from "@clerk/nextjs/webhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "#/tests/support/eventually.ts";
import {
  addPerson,
  APP_URL,
  type Clerk,
  clerkFor,
  ISSUER,
  Page,
  PUBLIC_KEY,
  startReceiver,
  startTestIdentity,
  temporaryFolder,
  tokenFor,
  WEBHOOK_SECRET,
} from "#/tests/support/identity.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);
const fileOf = (name: string) => path.join(folder, `${name}.json`);
const idOf = (answer: { readonly response: Readonly<Record<string, unknown>> }) =>
  String(answer.response["id"]);

describe("identity provider", () => {
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let identity: Awaited<ReturnType<typeof startTestIdentity>>;
  let clerk: Clerk;

  beforeAll(async () => {
    receiver = await startReceiver();
    identity = await startTestIdentity({ file: fileOf("main"), webhookUrl: receiver.url });
    clerk = clerkFor(identity.port);
  });
  afterAll(async () => {
    await identity.stop();
    await receiver.stop();
  });

  describe("Backend API", () => {
    it("creates, finds, changes and deletes users", async () => {
      const user = await clerk.users.createUser({
        emailAddress: ["Grace@Cairn.test"],
        password: "correct-horse",
        firstName: "Grace",
      });
      expect(user.primaryEmailAddress?.emailAddress).toBe("grace@cairn.test");
      expect(await clerk.users.getUser(user.id)).toMatchObject({
        id: user.id,
        firstName: "Grace",
        passwordEnabled: true,
      });
      const { data, totalCount } = await clerk.users.getUserList({ emailAddress: ["grace@cairn.test"] });
      expect(data.map(({ id }) => id)).toEqual([user.id]);
      expect(totalCount).toBeGreaterThan(0);
      expect(await clerk.users.updateUser(user.id, { lastName: "Hopper" })).toMatchObject({
        firstName: "Grace",
        lastName: "Hopper",
      });
      await clerk.users.deleteUser(user.id);
      await expect(clerk.users.getUser(user.id)).rejects.toMatchObject({ status: 404 });
    });

    it("creates organizations with their creator as admin, and free slugs", async () => {
      const { user, organization } = await addPerson(clerk, "ada");
      expect(organization).toMatchObject({ name: "ada Works", slug: "ada-works", createdBy: user.id });
      const twin = await clerk.organizations.createOrganization({ name: "ada Works", createdBy: user.id });
      expect(twin.slug).toBe("ada-works-2");
      const { data } = await clerk.organizations.getOrganizationMembershipList({
        organizationId: organization.id,
      });
      expect(data.map((member) => [member.role, member.publicUserData?.userId])).toEqual([
        ["org:admin", user.id],
      ]);
      expect((await clerk.users.getOrganizationMembershipList({ userId: user.id })).data).toHaveLength(2);
      expect((await clerk.organizations.getOrganization({ slug: "ada-works" })).id).toBe(organization.id);
    });

    it("adds members, changes their role, takes them out", async () => {
      const { organization } = await addPerson(clerk, "barbara");
      const { user } = await addPerson(clerk, "edsger");
      const member = { organizationId: organization.id, userId: user.id };
      await clerk.organizations.createOrganizationMembership({ ...member, role: "org:member" });
      expect(
        (await clerk.organizations.updateOrganizationMembership({ ...member, role: "org:admin" })).role,
      ).toBe("org:admin");
      await clerk.organizations.deleteOrganizationMembership(member);
      expect(
        (await clerk.organizations.getOrganizationMembershipList({ organizationId: organization.id })).data,
      ).toHaveLength(1);
    });

    it("refuses an address that is taken and a password that is too short, in Clerk's words", async () => {
      await clerk.users.createUser({ emailAddress: ["taken@cairn.test"], password: "long-enough" });
      await expect(
        clerk.users.createUser({ emailAddress: ["TAKEN@cairn.test"], password: "long-enough" }),
      ).rejects.toMatchObject({ errors: [{ code: "form_identifier_exists" }] });
      await expect(
        clerk.users.createUser({ emailAddress: ["short@cairn.test"], password: "short" }),
      ).rejects.toMatchObject({ errors: [{ code: "form_password_length_too_short" }] });
    });

    it("refuses everybody without the secret key, on every path", async () => {
      await expect(clerkFor(identity.port, "sk_live_wrong").users.getUserList()).rejects.toMatchObject({
        status: 401,
      });
      for (const where of ["users", "sessions", "jwks", "organizations/x/memberships", "anything"]) {
        expect((await fetch(`http://127.0.0.1:${identity.port}/v1/${where}`)).status).toBe(401);
      }
    });

    it("keeps no password in clear", () => {
      expect(readFileSync(fileOf("main"), "utf8")).not.toContain("password-of-ada");
    });
  });

  describe("session tokens", () => {
    const verify = (token: string, changes: object = {}) =>
      verifyToken(token, { jwtKey: PUBLIC_KEY, authorizedParties: [APP_URL], ...changes });

    it("are verified with the public key alone, and name user, organization and role", async () => {
      const { user, organization } = await addPerson(clerk, "alan");
      const claims = await verify(await tokenFor(clerk, user.id));
      expect(claims).toMatchObject({
        sub: user.id,
        iss: ISSUER,
        v: 2,
        o: { id: organization.id, slg: "alan-works", rol: "admin" },
      });
    });

    it("are refused when expired", async () => {
      const { user } = await addPerson(clerk, "late");
      await expect(verify(await tokenFor(clerk, user.id, -60))).rejects.toMatchObject({
        reason: "token-expired",
      });
    });

    it("are refused with another signature", async () => {
      const { user } = await addPerson(clerk, "forged");
      const token = await tokenFor(clerk, user.id);
      const [head, claims = "", signature] = token.split(".");
      const changed = Buffer.from(claims, "base64url").toString().replace(user.id, "user_somebody_else");
      await expect(
        verify(`${head}.${Buffer.from(changed).toString("base64url")}.${signature}`),
      ).rejects.toMatchObject({ reason: "token-invalid-signature" });
    });

    it("are refused when another page asked for them", async () => {
      const { email, password } = await addPerson(clerk, "elsewhere");
      const page = new Page(identity.port, APP_URL);
      await page.signIn(email, password);
      const token = await page.token();
      await expect(verify(token)).resolves.toMatchObject({ azp: APP_URL });
      await expect(verify(token, { authorizedParties: ["http://localhost:4000"] })).rejects.toMatchObject({
        reason: "token-invalid-authorized-parties",
      });
    });

    it("no longer name an organization whose member was taken out", async () => {
      const { organization } = await addPerson(clerk, "host");
      const guest = await clerk.users.createUser({
        emailAddress: ["guest@cairn.test"],
        password: "password-of-guest",
      });
      await clerk.organizations.createOrganizationMembership({
        organizationId: organization.id,
        userId: guest.id,
        role: "org:member",
      });
      const session = await clerk.sessions.createSession({ userId: guest.id });
      expect((await verify((await clerk.sessions.getToken(session.id, "")).jwt)).o).toMatchObject({
        id: organization.id,
      });
      await clerk.organizations.deleteOrganizationMembership({
        organizationId: organization.id,
        userId: guest.id,
      });
      expect((await verify((await clerk.sessions.getToken(session.id, "")).jwt)).o).toBeUndefined();
    });
  });

  describe("Frontend API", () => {
    it("signs in with the right password only, and says what was wrong", async () => {
      await clerk.users.createUser({ emailAddress: ["frances@cairn.test"], password: "password-of-frances" });
      const page = new Page(identity.port, APP_URL);
      expect(await page.post("/client/sign_ins", { identifier: "nobody@cairn.test" })).toMatchObject({
        errors: [{ code: "form_identifier_not_found" }],
      });
      const first = await page.post("/client/sign_ins", { identifier: "frances@cairn.test" });
      expect(first).toMatchObject({ response: { status: "needs_first_factor" } });
      const attempt = `/client/sign_ins/${idOf(first)}/attempt_first_factor`;
      expect(await page.post(attempt, { strategy: "password", password: "wrong" })).toMatchObject({
        errors: [{ code: "form_password_incorrect" }],
      });
      expect(await page.get("/client")).toMatchObject({ response: null });
      expect(
        await page.post(attempt, { strategy: "password", password: "password-of-frances" }),
      ).toMatchObject({ response: { status: "complete" } });
      expect(await page.get("/client")).toMatchObject({ response: { sessions: [{ status: "active" }] } });
    });

    it("signs up a new person, who makes an organization and works in it", async () => {
      const page = new Page(identity.port, APP_URL);
      const started = await page.post("/client/sign_ups", { email_address: "new@cairn.test" });
      expect(started).toMatchObject({
        response: { status: "missing_requirements", missing_fields: ["password"] },
      });
      const done = await page.post(`/client/sign_ups/${idOf(started)}?_method=PATCH`, {
        password: "password-of-new",
        first_name: "New",
      });
      expect(done).toMatchObject({
        response: { status: "complete" },
        client: { sessions: [{ user: { first_name: "New" } }] },
      });
      const made = await page.post("/organizations", { name: "New Works" });
      await page.post(`/client/sessions/${String(done.response["created_session_id"])}/touch`, {
        active_organization_id: idOf(made),
      });
      const claims = await verifyToken(await page.token(), { jwtKey: PUBLIC_KEY });
      expect(claims.o).toMatchObject({ id: idOf(made), rol: "admin" });
    });

    it("ends the session on sign-out: the old cookie gets no more tokens", async () => {
      await clerk.users.createUser({ emailAddress: ["leaver@cairn.test"], password: "password-of-leaver" });
      const page = new Page(identity.port, APP_URL);
      await page.signIn("leaver@cairn.test", "password-of-leaver");
      const { sessionId, cookies } = page;
      await page.post("/client/sessions?_method=DELETE", {});
      page.cookies = cookies;
      expect(await page.post(`/client/sessions/${sessionId}/tokens`, {})).toMatchObject({
        errors: [{ code: "authentication_invalid" }],
      });
    });

    it("lets invited people in, and only them", async () => {
      const { organization, email, password } = await addPerson(clerk, "inviter");
      const admin = new Page(identity.port, APP_URL);
      await admin.signIn(email, password);
      const invitation = await admin.post(`/organizations/${organization.id}/invitations`, {
        email_address: "invited@cairn.test",
        role: "org:member",
      });
      const stranger = new Page(identity.port, APP_URL);
      await clerk.users.createUser({
        emailAddress: ["stranger@cairn.test"],
        password: "password-of-stranger",
      });
      await stranger.signIn("stranger@cairn.test", "password-of-stranger");
      const accept = `/me/organization_invitations/${idOf(invitation)}/accept`;
      expect(await stranger.post(accept, {})).toMatchObject({ errors: [{ code: "resource_not_found" }] });
      expect(await stranger.get(`/organizations/${organization.id}/memberships`)).toMatchObject({
        errors: [{ code: "resource_not_found" }],
      });
      const invited = new Page(identity.port, APP_URL);
      await invited.post("/client/sign_ups", {
        email_address: "invited@cairn.test",
        password: "password-of-invited",
      });
      expect(await invited.post(accept, {})).toMatchObject({ response: { status: "accepted" } });
      const members = await invited.get(`/organizations/${organization.id}/memberships`);
      expect(members).toMatchObject({ response: { data: [{ role: "org:admin" }, { role: "org:member" }] } });
      expect(await invited.post(`/organizations/${organization.id}?_method=DELETE`, {})).toMatchObject({
        errors: [{ code: "not_an_admin_in_organization" }],
      });
      expect(
        await admin.post(`/me/organization_memberships/${organization.id}?_method=DELETE`, {}),
      ).toMatchObject({ errors: [{ code: "organization_minimum_permissions_needed" }] });
    });

    it("changes nothing for pages of other origins, though the cookie comes along", async () => {
      const page = new Page(identity.port, "http://localhost:6666");
      expect(
        await page.post("/client/sign_ins", { identifier: "ada@cairn.test", password: "password-of-ada" }),
      ).toMatchObject({ errors: [{ code: "origin_invalid" }] });
      expect((await page.response("/client")).headers.get("access-control-allow-origin")).toBeNull();
    });

    it("hands a browser back to the app with fresh cookies, and to nobody else", async () => {
      const page = new Page(identity.port, APP_URL);
      await page.signIn("ada@cairn.test", "password-of-ada");
      const back = await page.response(
        `/client/handshake?redirect_url=${encodeURIComponent(`${APP_URL}/runs?status=waiting`)}`,
      );
      expect([back.status, back.headers.get("location")]).toEqual([307, `${APP_URL}/runs?status=waiting`]);
      expect(back.headers.getSetCookie().map((cookie) => cookie.split("=")[0])).toEqual([
        "__client_uat",
        "__session",
      ]);
      for (const target of [
        "https://evil.test/",
        "http://localhost:3000.evil.test/",
        "javascript:alert(1)",
        "",
      ]) {
        expect(
          (await page.response(`/client/handshake?redirect_url=${encodeURIComponent(target)}`)).status,
        ).toBe(400);
      }
    });

    it("serves the installed clerk-js and Clerk UI, and no other file", async () => {
      const served = async (name: string) =>
        (await fetch(`http://127.0.0.1:${identity.port}/npm/@clerk/${name}`)).status;
      expect(await served("clerk-js@6/dist/clerk.browser.js")).toBe(200);
      expect(await served("ui@1/dist/ui.browser.js")).toBe(200);
      expect(await served("ui@1/dist/..%2f..%2fpackage.json")).toBe(404);
      expect(await served("backend@1/dist/index.js")).toBe(404);
    });

    it("serves the bundles compressed to a browser that takes it", async () => {
      const bundle = `http://127.0.0.1:${identity.port}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`;
      const encodingFor = async (accepted: string) =>
        (await fetch(bundle, { headers: { "accept-encoding": accepted } })).headers.get("content-encoding");
      expect(await encodingFor("gzip, br")).toBe("gzip");
      expect(await encodingFor("identity")).toBeNull();
    });
  });

  describe("webhooks", () => {
    it("tell every change in order, signed so that Clerk's SDK accepts them", async () => {
      const from = receiver.received.length;
      const { user, organization } = await addPerson(clerk, "told");
      await clerk.organizations.deleteOrganization(organization.id);
      await clerk.users.deleteUser(user.id);
      const wanted = [
        "user.created",
        "organization.created",
        "organizationMembership.created",
        "organizationMembership.deleted",
        "organization.deleted",
        "user.deleted",
      ];
      await eventually(() => (receiver.received.length >= from + wanted.length ? true : undefined));
      const events = await Promise.all(
        receiver.received
          .slice(from)
          .map(({ request }) => verifyWebhook(request, { signingSecret: WEBHOOK_SECRET })),
      );
      expect(events.map(({ type }) => type)).toEqual(wanted);
    });

    it("are repeated until they are acknowledged, with the same id, also after a restart", async () => {
      const grumpy = await startReceiver(
        (_, attempt) => new Response(null, { status: attempt < 3 ? 503 : 204 }),
      );
      const nobodyThere = await startTestIdentity({ file: fileOf("restart") });
      await clerkFor(nobodyThere.port).users.createUser({
        emailAddress: ["patient@cairn.test"],
        password: "password-of-patient",
      });
      await nobodyThere.stop();
      const again = await startTestIdentity({ file: fileOf("restart"), webhookUrl: grumpy.url });
      await eventually(() => (grumpy.received.length >= 3 ? true : undefined));
      await sleep(100);
      expect(new Set(grumpy.received.map(({ id }) => id)).size).toBe(1);
      expect(grumpy.received).toHaveLength(3);
      await again.stop();
      await grumpy.stop();
    });
  });

  it("keeps people, sessions and signed-in browsers over a restart", async () => {
    const before = await startTestIdentity({ file: fileOf("kept") });
    await clerkFor(before.port).users.createUser({
      emailAddress: ["kept@cairn.test"],
      password: "password-of-kept",
    });
    const page = new Page(before.port, APP_URL);
    await page.signIn("kept@cairn.test", "password-of-kept");
    await before.stop();
    const after = await startTestIdentity({ file: fileOf("kept") });
    const samePage = new Page(after.port, APP_URL);
    samePage.cookies = page.cookies;
    await expect(samePage.token()).resolves.toMatch(/^ey/);
    await after.stop();
  });
});
