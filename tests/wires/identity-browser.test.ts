import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import { verifyToken } from "@clerk/nextjs/server";
import { Hono } from "hono";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import {
  addPerson,
  type Clerk,
  clerkFor,
  PUBLIC_KEY,
  PUBLISHABLE_KEY,
  startTestIdentity,
  temporaryFolder,
} from "#/tests/support/identity.ts";

// The real clerk-js and Clerk UI, unmodified, in a real browser against the façade.
const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

/** A page that does what <ClerkProvider> does, and shows one of Clerk's components for each address. */
function writePage(identityUrl: string): string {
  return `<!doctype html><title>App</title><div id="root"></div>
    <script src="${identityUrl}/npm/@clerk/clerk-js@6/dist/clerk.browser.js" crossorigin="anonymous" data-clerk-publishable-key="${PUBLISHABLE_KEY}" data-clerk-proxy-url="${identityUrl}"></script>
    <script src="${identityUrl}/npm/@clerk/ui@1/dist/ui.browser.js" crossorigin="anonymous"></script>
    <script type="module">
      const clerk = window.Clerk, root = document.getElementById("root");
      await clerk.load({ ui: { ClerkUI: window.__internal_ClerkUICtor }, signInUrl: "/sign-in", signUpUrl: "/sign-up", telemetry: false });
      const show = { "/sign-in": () => clerk.mountSignIn(root), "/sign-up": () => clerk.mountSignUp(root) };
      const start = Object.keys(show).find((where) => location.pathname.startsWith(where));
      if (start) show[start](); else { root.innerHTML = "<div id=account></div><div id=workspace></div>"; clerk.mountUserButton(account); clerk.mountOrganizationSwitcher(workspace, { hidePersonal: true }); }
      document.title = "ready";
    </script>`;
}

describe.skipIf(!existsSync(CHROMIUM))(
  `clerk-js in a browser${existsSync(CHROMIUM) ? "" : ` (no browser at ${CHROMIUM})`}`,
  () => {
    const { folder, remove } = temporaryFolder();
    let stop: () => Promise<void>;
    let appUrl = "";
    let clerk: Clerk;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let refused: string[];

    beforeAll(async () => {
      let identityUrl = "";
      const app = new Hono().get("*", (c) => c.html(writePage(identityUrl)));
      const server = createAdaptorServer({ fetch: app.fetch });
      appUrl = `http://localhost:${await listenOnLoopback(server, 0)}`;
      const identity = await startTestIdentity({ file: path.join(folder, "identity.json"), appUrl });
      identityUrl = `http://localhost:${identity.port}`;
      clerk = clerkFor(identity.port);
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: [
          "--no-sandbox",
          "--disable-gpu",
          "--disable-background-networking",
          "--disable-component-update",
        ],
      });
      stop = async () => {
        await browser.close();
        await closeServer(server);
        await identity.stop();
        remove();
      };
    });
    afterAll(() => stop());

    beforeEach(async () => {
      refused = [];
      context = await browser.newContext();
      page = await context.newPage();
      page.on("response", (response) => {
        const expected =
          response.status() < 400 || response.status() === 422 || response.url().endsWith("/favicon.ico");
        if (!expected) refused.push(`${response.status()} ${response.request().method()} ${response.url()}`);
      });
      page.on("pageerror", (error) => refused.push(error.message));
    });
    afterEach(async () => {
      // Chromium has once not answered it for two minutes; the browser is closed with all contexts in the end.
      await Promise.race([context.close(), sleep(10_000, undefined, { ref: false })]);
      if (refused.length > 0)
        throw new Error(
          `Requests that the façade does not know, or errors in the page:\n${refused.join("\n")}`,
        );
    });

    const claims = async () => {
      const token = await page.evaluate("window.Clerk.session?.getToken({ skipCache: true })");
      return verifyToken(String(token), { jwtKey: PUBLIC_KEY, authorizedParties: [appUrl] });
    };
    const signIn = async (email: string, password: string) => {
      await page.goto(`${appUrl}/sign-in`);
      await page.fill("input[name=identifier]", email);
      await page.keyboard.press("Enter");
      await page.fill("input[name=password]:visible", password);
      await page.keyboard.press("Enter");
    };
    const arrive = () => page.waitForURL((url) => url.pathname === "/");

    it("signs in, tells a wrong password, and gets a token with the organization", async () => {
      const { user, organization, email, password } = await addPerson(clerk, "ada");
      await signIn(email, "not-the-password");
      await page.getByText("Password is incorrect").first().waitFor();
      await page.fill("input[name=password]:visible", password);
      await page.keyboard.press("Enter");
      await arrive();
      await page.locator("#account button").waitFor();
      expect(await claims()).toMatchObject({ sub: user.id, o: { id: organization.id, rol: "admin" } });
    });

    it("signs up somebody new, who makes an organization", async () => {
      await page.goto(`${appUrl}/sign-up`);
      await page.fill("input[name=emailAddress]", "brand-new@cairn.test");
      await page.fill("input[name=password]", "a-good-password");
      await page.keyboard.press("Enter");
      await arrive();
      await page.locator("#workspace button").first().click();
      await page.getByText("Create organization").first().click();
      await page.fill("input[name=name]", "Brand New Works");
      await page.keyboard.press("Enter");
      await page.getByText("Invite new members").first().waitFor();
      expect((await claims()).o).toMatchObject({ slg: "brand-new-works", rol: "admin" });
    });

    it("switches to another organization, and signs out", async () => {
      const { user, email, password } = await addPerson(clerk, "grace");
      const second = await clerk.organizations.createOrganization({
        name: "Second Works",
        createdBy: user.id,
      });
      await signIn(email, password);
      await arrive();
      await page.locator("#workspace button").first().click();
      await page.getByText("Second Works").first().click();
      await expect.poll(claims).toMatchObject({ o: { id: second.id } });
      await page.locator("#account button").first().click();
      await page.getByText("Sign out").first().click();
      await expect.poll(() => page.evaluate("window.Clerk?.user ?? null")).toBeNull();
    });
  },
);
