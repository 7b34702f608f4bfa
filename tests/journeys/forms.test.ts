import http from "node:http";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type HostileServer, startHostileMcp } from "#/tests/support/hostile-mcp.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";
import { lists } from "#/tests/support/mcp-engine.ts";

const PLAIN_SETTINGS = "/~plain/harbor-cloud/settings";
const EMPTY = { format: "cairn/v1", name: "Taken", kind: "graph", steps: {}, edges: [] };

// Forms work by the browser alone, and nothing that was typed is lost on the way.
describe.skipIf(chromiumPath === undefined)(
  `forms${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let product: Journey["product"];
    /** With scripts. */
    let page: Journey["page"];
    /** The same person in a browser that runs none. */
    let plainContext: BrowserContext;
    let plain: Page;
    /** The same on a phone. */
    let phone: Page;
    let server: HostileServer;

    beforeAll(async () => {
      server = await startHostileMcp();
      process.env["HTTP_ALLOW_HOSTS"] = new URL(server.origin).host;
      journey = await openJourney();
      ({ product, page } = journey);
      await signInAt(journey, "settings");
      await page.getByRole("heading", { name: "Settings" }).waitFor();
      plainContext = await journey.browser.newContext({
        javaScriptEnabled: false,
        viewport: { width: 1280, height: 800 },
        storageState: await page.context().storageState(),
      });
      plain = await plainContext.newPage();
      phone = await plainContext.newPage();
      await phone.setViewportSize({ width: 390, height: 844 });
      for (const one of [plain, phone]) one.setDefaultTimeout(60_000);
    });
    afterAll(async () => {
      delete process.env["HTTP_ALLOW_HOSTS"];
      await journey?.close();
      await server?.stop();
    });

    const limits = async () => {
      const answer = await product.api("/api/v1/limits");
      return ((await answer.json()) as { limits: Readonly<Record<string, unknown>> }).limits;
    };
    const setLimits = (json: unknown) => product.api("/api/v1/limits", { method: "PATCH", json });
    // A session's token lives for a minute. Without scripts a visit renews it, and only when it is over: in the middle of a test, by chance. The provider
    // counts visits that it renews one after the other, and takes the third for a loop.
    beforeEach(() => plainContext.clearCookies({ name: /^__session|^__clerk_redirect_count/ }));
    beforeEach(() => setLimits({ concurrency: 3, startsPerMinute: null, askAboveUsd: null, monthly: null }));
    const settings = () => `${product.url}/harbor-cloud/settings`;
    /** The workflow that was changed last. */
    const workflow = async () => {
      const answer = await product.api("/api/v1/workflows?limit=1");
      const { items } = (await answer.json()) as { items: readonly { id: string; name: string }[] };
      return items[0] ?? { id: "", name: "" };
    };
    const card = (on: Page) => on.getByLabel("Usage and limits");
    const field = (on: Page, label: string | RegExp) => card(on).getByLabel(label);
    const save = (on: Page) => card(on).getByRole("button", { name: "Save limits" });

    const readQuietHours = async () => {
      const answer = await product.api("/api/v1/notifications");
      return ((await answer.json()) as { quietHours: unknown }).quietHours;
    };
    const readRetention = async () => {
      const answer = await product.api("/api/v1/storage");
      return ((await answer.json()) as { retention: Readonly<Record<string, number>> }).retention;
    };

    describe("without scripts", () => {
      test("the form shows what is stored, changes it, and says so", async () => {
        await plain.goto(settings());
        expect(await field(plain, "Concurrent deliveries").inputValue()).toBe("3");
        await field(plain, "Concurrent deliveries").fill("7");
        await field(plain, "Tokens per month").fill("5000000");
        await field(plain, "At a monthly limit").selectOption("Fail the run");
        await save(plain).click();
        await card(plain).getByText("Limits saved").waitFor();
        expect(new URL(plain.url())).toMatchObject({
          pathname: "/~plain/harbor-cloud/settings",
          hash: "#limits",
        });
        expect(await field(plain, "Concurrent deliveries").inputValue()).toBe("7");
        expect(await limits()).toMatchObject({
          concurrency: 7,
          monthly: { maxTokens: 5_000_000, onLimit: "fail" },
        });
        await card(plain).getByText("of 5.0M").waitFor();
      });

      test("an error stands at its field in plain words, and all that was typed is still there", async () => {
        await plain.goto(settings());
        await field(plain, "Concurrent deliveries").fill("a few");
        await field(plain, "Run starts per minute").fill("9");
        await field(plain, "US dollars per month").fill("-1");
        await field(plain, "At a monthly limit").selectOption("Fail the run");
        await save(plain).click();
        await card(plain).getByText("Nothing was changed. Fix what is marked").waitFor();
        await card(plain).getByText("Must be a number.").waitFor();
        await card(plain).getByText("Must be 0 or more.").waitFor();
        const typed = await Promise.all(
          [
            "Concurrent deliveries",
            "Run starts per minute",
            "US dollars per month",
            "At a monthly limit",
          ].map((label) => field(plain, label).inputValue()),
        );
        expect(typed).toEqual(["a few", "9", "-1", "fail"]);
        expect(await field(plain, "Concurrent deliveries").getAttribute("aria-invalid")).toBe("true");
        expect(await limits()).toEqual({ concurrency: 3 });
        await field(plain, "Concurrent deliveries").fill("5");
        await field(plain, "US dollars per month").fill("20");
        await save(plain).click();
        await card(plain).getByText("Limits saved").waitFor();
        expect(await limits()).toMatchObject({ concurrency: 5, startsPerMinute: 9 });
      });

      test("a session that has gone stale meanwhile costs one more press", async () => {
        await plain.goto(settings());
        await field(plain, "Concurrent deliveries").fill("11");
        await plainContext.clearCookies({ name: /^__session/ });
        await save(plain).click();
        await plain.getByRole("heading", { name: "Your session had to be renewed" }).waitFor();
        await plain.getByText("11", { exact: true }).waitFor();
        expect(await limits()).toEqual({ concurrency: 3 });
        await plain.waitForLoadState("load");
        await plain.getByRole("button", { name: "Send again" }).click();
        await card(plain).getByText("Limits saved").waitFor();
        expect(await limits()).toEqual({ concurrency: 11 });
      });
    });

    describe("with scripts", () => {
      test("the page stays, what is wrong gets the focus, and what was mended is saved", async () => {
        await page.goto(settings());
        await whenAwake(save(page));
        await field(page, "Concurrent deliveries").fill("1.5");
        await field(page, "Run starts per minute").fill("12");
        await save(page).click();
        await card(page).getByText("Must be a whole number.").waitFor();
        await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "concurrency");
        expect(await field(page, "Run starts per minute").inputValue()).toBe("12");
        await expectAccessible(page);
        await page.keyboard.press("Control+a");
        await page.keyboard.type("6");
        await page.keyboard.press("Enter");
        await page.getByText("Limits saved").waitFor();
        expect(await limits()).toMatchObject({ concurrency: 6, startsPerMinute: 12 });
        await card(page).getByText("Must be a whole number.").waitFor({ state: "detached" });
      });

      test("without a network nothing is lost, and the same is sent again", async () => {
        await page.goto(settings());
        await whenAwake(save(page));
        await field(page, "Concurrent deliveries").fill("8");
        await page.context().setOffline(true);
        await save(page).click();
        await card(page).getByText("The server can’t be reached.").waitFor();
        expect(await field(page, "Concurrent deliveries").inputValue()).toBe("8");
        await page.context().setOffline(false);
        await save(page).click();
        await page.getByText("Limits saved").waitFor();
        expect(await limits()).toEqual({ concurrency: 8 });
      });

      test("what a server of another build does not know is said, and stays", async () => {
        await page.goto(settings());
        await whenAwake(save(page));
        await field(page, "Concurrent deliveries").fill("8");
        await page.route("**/settings*", (route) =>
          route.continue({
            headers: { ...route.request().headers(), "next-action": "60".padEnd(42, "0") },
          }),
        );
        await save(page).click();
        await card(page).getByText("Cairn was updated while this page was open.").waitFor();
        expect(await field(page, "Concurrent deliveries").inputValue()).toBe("8");
        await page.unroute("**/settings*");
        expect(await limits()).toEqual({ concurrency: 3 });
      });
    });

    describe("the name of a workflow", () => {
      const renameIn = (on: Page | Locator) => on.getByRole("button", { name: "Rename", exact: true });

      test("is changed without scripts, on a phone, from the workflow's own page", async () => {
        const { id } = await workflow();
        await phone.goto(`${product.url}/harbor-cloud/workflows/${id}`);
        const form = phone.locator("details", { has: phone.getByText("Rename workflow") });
        await form.locator("summary").click();
        await form.getByLabel("Name").fill(" ");
        await renameIn(form).click();
        await form.getByText("Must not be empty.").waitFor();
        expect(new URL(phone.url()).pathname).toBe(`/~plain/harbor-cloud/workflows/${id}`);
        await form.getByLabel("Name").fill("Named without scripts");
        await renameIn(form).click();
        await form.getByText("Renamed", { exact: true }).waitFor();
        await phone.getByRole("heading", { level: 1, name: "Named without scripts" }).waitFor();
        expect((await workflow()).name).toBe("Named without scripts");
        await whenFitting(phone);
      });

      test("is changed in a window, where the name of another is refused at the field", async () => {
        const { id } = await workflow();
        await product.api("/api/v1/workflows", { json: { name: "Taken", definition: EMPTY } });
        await page.goto(`${product.url}/harbor-cloud/workflows/${id}`);
        await whenAwake(renameIn(page));
        await renameIn(page).click();
        const window = page.getByRole("dialog");
        await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "name");
        await window.getByLabel("Name").fill("Taken");
        await page.keyboard.press("Enter");
        const problem = window.locator("[aria-invalid] + p");
        await problem.waitFor();
        expect(await problem.textContent()).toBe("Another workflow is called “Taken”.");
        await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "name");
        await expectAccessible(page);
        await window.getByLabel("Name").fill("Named in a window");
        await page.keyboard.press("Enter");
        await window.waitFor({ state: "detached" });
        await page.getByRole("heading", { level: 1, name: "Named in a window" }).waitFor();
      });

      test("can be asked for before scripts have come: the button leads to the plain page", async () => {
        const { id } = await workflow();
        // A service worker would bring the scripts from its cache.
        const early = await journey.browser.newContext({
          serviceWorkers: "block",
          storageState: await page.context().storageState(),
        });
        const before = await early.newPage();
        before.setDefaultTimeout(60_000);
        await before.route(/\.js(?:\?|$)/, (route) => route.abort());
        await before.goto(`${product.url}/harbor-cloud/workflows/${id}`);
        await renameIn(before).click();
        await before.waitForURL("**/~plain/**");
        expect(new URL(before.url())).toMatchObject({
          pathname: `/~plain/harbor-cloud/workflows/${id}`,
          hash: "#rename",
        });
        await early.close();
      });
    });

    describe("API keys", () => {
      const keys = async (name: string) => {
        const answer = await product.api("/api/v1/api-keys?limit=100");
        const { items } = (await answer.json()) as {
          items: readonly { name: string; scopes: readonly string[]; revokedAt: string | null }[];
        };
        return items.filter((key) => key.name === name);
      };
      const cardIn = (on: Page) => on.getByLabel("API keys", { exact: true });
      const rowIn = (on: Page, name: string) => cardIn(on).getByRole("listitem").filter({ hasText: name });

      test("are made without scripts, on a phone, and shown by the answer alone: a reload of it makes no other", async () => {
        await phone.goto(`${product.url}/harbor-cloud/settings`);
        const form = cardIn(phone).locator("details", { has: phone.getByText("New API key") });
        await form.locator("summary").click();
        await form.getByLabel("Permissions").selectOption("Choose permissions…");
        await form.getByLabel("Expires").selectOption("On a date");
        await form.getByRole("button", { name: "Create key" }).click();
        await form.getByText("Must not be empty.").waitFor();
        await form.getByText("Fill this in.").waitFor();
        expect(await form.getByLabel("Expires").inputValue()).toBe("date");
        await whenFitting(phone);
        await form.getByLabel("Name", { exact: true }).fill("Without scripts");
        await form.getByLabel("Answer approvals", { exact: true }).check();
        await form.getByLabel("Expires").selectOption("Never");
        await form.getByRole("button", { name: "Create key" }).click();
        await form.getByText("Copy it now. It won’t be shown again.").waitFor();
        const shown = await form.locator("pre").innerText();
        const used = await fetch(`${product.url}/api/v1/me`, {
          headers: { authorization: `Bearer ${shown}` },
        });
        expect(used.status).toBe(200);
        await phone.reload();
        expect(await form.locator("pre").innerText()).toBe(shown);
        expect(await keys("Without scripts")).toMatchObject([{ scopes: ["runs:decide"] }]);
        await whenFitting(phone);
        await form.getByRole("link", { name: "I have copied it" }).click();
        await rowIn(phone, "Without scripts").waitFor();
        expect(await phone.content()).not.toContain(shown);
      });

      test("are revoked without scripts after a second look", async () => {
        await phone.goto(`${product.url}/harbor-cloud/settings`);
        const row = rowIn(phone, "Without scripts");
        await row.locator("summary").click();
        await row.getByText("This can’t be undone.").waitFor();
        await row.getByRole("button", { name: "Revoke" }).click();
        await row.getByText("Revoked", { exact: true }).waitFor();
        expect((await keys("Without scripts"))[0]?.revokedAt).not.toBeNull();
      });

      test("are made once by a window, however often Enter is pressed, and revoked by another", async () => {
        await page.goto(settings());
        const make = page.getByRole("button", { name: "New key" });
        await whenAwake(make);
        await make.click();
        const window = page.getByRole("dialog");
        await window.getByLabel("Name").fill("In a window");
        await page.keyboard.press("Enter");
        await page.keyboard.press("Enter");
        await window.getByText("Copy it now. It won’t be shown again.").waitFor();
        await expectAccessible(page);
        await window.getByRole("button", { name: "I have copied it" }).click();
        await rowIn(page, "In a window").getByRole("button").click();
        await window.getByText("This can’t be undone.").waitFor();
        await expectAccessible(page);
        await window.getByRole("button", { name: "Revoke" }).click();
        await rowIn(page, "In a window").getByText("Revoked", { exact: true }).waitFor();
        expect(await keys("In a window")).toHaveLength(1);
      });
    });

    describe("secrets", () => {
      const find = async (name: string) => {
        const answer = await product.api("/api/v1/secrets");
        const { items } = (await answer.json()) as { items: readonly { name: string; updatedAt: string }[] };
        return items.find((secret) => secret.name === name);
      };
      const cardIn = (on: Page) => on.getByLabel("Secrets", { exact: true });
      const rowIn = (on: Page, name: string) => cardIn(on).getByRole("listitem").filter({ hasText: name });
      const partIn = (on: Page, place: string) => on.locator("details", { has: on.locator(`#${place}`) });

      test("are set, replaced and deleted without scripts, on a phone, and no page has their values again", async () => {
        await phone.goto(`${product.url}/harbor-cloud/settings`);
        const form = partIn(phone, "new-secret");
        await form.locator("summary").click();
        await form.getByLabel("Name").fill("1st");
        await form.getByLabel("Value").fill("words for one moment");
        await form.getByRole("button", { name: "Save secret" }).click();
        await form.getByText("Must name one host at least.").waitFor();
        await form.getByText(/^Must be up to 64 letters/).waitFor();
        expect(await form.getByLabel("Name").inputValue()).toBe("1st");
        expect(await form.getByLabel("Value").inputValue()).toBe("");
        await whenFitting(phone);
        await form.getByLabel("Name").fill("PLAIN_KEY");
        await form.getByLabel("Value").fill("words for one moment");
        await form.getByLabel("Allowed hosts").fill("api.example.com\n*.example.com");
        await plainContext.clearCookies({ name: /^__session/ });
        await form.getByRole("button", { name: "Save secret" }).click();
        await phone.getByRole("heading", { name: "Your session had to be renewed" }).waitFor();
        expect(await phone.content()).not.toContain("words for one moment");
        await phone.waitForLoadState("load");
        await phone.getByLabel("value").fill("words for one moment");
        await phone.getByRole("button", { name: "Send again" }).click();
        const row = rowIn(phone, "PLAIN_KEY");
        await row.getByText("Sent to api.example.com, *.example.com").waitFor();
        expect(await phone.content()).not.toContain("words for one moment");
        await whenFitting(phone);
        const before = await find("PLAIN_KEY");
        await row.getByLabel("Replace PLAIN_KEY").click();
        await partIn(phone, "replace-PLAIN_KEY").getByLabel("Value").fill("other words");
        await partIn(phone, "replace-PLAIN_KEY").getByRole("button", { name: "Replace" }).click();
        await row.getByText("Secret replaced").waitFor();
        expect(await find("PLAIN_KEY")).not.toEqual(before);
        await whenFitting(phone);
        await row.getByLabel("Delete PLAIN_KEY").click();
        await row.getByRole("button", { name: "Delete", exact: true }).click();
        await row.waitFor({ state: "detached" });
        expect(await find("PLAIN_KEY")).toBeUndefined();
      });

      test("are set, bound to hosts and deleted by windows, and what was typed stays where it is refused", async () => {
        await page.goto(settings());
        const make = page.getByRole("button", { name: "New secret" });
        await whenAwake(make);
        await make.click();
        const window = page.getByRole("dialog");
        await window.getByLabel("Name").fill("WINDOW_KEY");
        await window.getByLabel("Value").fill("words for one moment");
        await window.getByRole("button", { name: "Save secret" }).click();
        await window.getByText("Must name one host at least.").waitFor();
        await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "hosts");
        expect(await window.getByLabel("Value").inputValue()).toBe("words for one moment");
        await expectAccessible(page);
        await window.getByLabel("Allowed hosts").fill("api.example.com");
        await window.getByRole("button", { name: "Save secret" }).click();
        await window.waitFor({ state: "detached" });
        const row = rowIn(page, "WINDOW_KEY");
        await row.getByLabel("Hosts for WINDOW_KEY").click();
        await window.getByLabel("Allowed hosts").fill("other.example.com");
        await window.getByRole("button", { name: "Save", exact: true }).click();
        await row.getByText("Sent to other.example.com").waitFor();
        await row.getByLabel("Delete WINDOW_KEY").click();
        await window.getByRole("button", { name: "Delete", exact: true }).click();
        // Under an open window the row is out of reach before it is gone.
        await eventually(async () => ((await find("WINDOW_KEY")) === undefined ? true : undefined));
        await row.waitFor({ state: "detached" });
      });
    });

    describe("quiet hours and storage", () => {
      const hoursIn = (on: Page) => on.getByLabel("Notifications", { exact: true });
      const storageIn = (on: Page) => on.getByLabel("Storage", { exact: true });
      const saveHours = (on: Page) => hoursIn(on).getByRole("button", { name: "Save quiet hours" });
      const saveDays = (on: Page) => storageIn(on).getByRole("button", { name: "Save changes" });

      test("no part of the settings waits for scripts where there are none", async () => {
        for (const [on, path] of [
          [plain, "settings"],
          [phone, "settings"],
          [plain, "triggers"],
          [phone, "triggers"],
        ] as const) {
          await on.goto(`${product.url}/harbor-cloud/${path}`);
          await on.getByRole("heading", { level: 1 }).waitFor();
          expect(await on.locator("main [aria-label=Loading]").count()).toBe(0);
          await whenFitting(on);
        }
      });

      test("a page without scripts is as dark as the system", async () => {
        const paint = () =>
          phone.evaluate(() => {
            const { colorScheme } = getComputedStyle(document.documentElement);
            return [
              colorScheme,
              getComputedStyle(document.querySelector("main") ?? document.body).backgroundColor,
            ];
          });
        await phone.emulateMedia({ colorScheme: "dark" });
        await phone.goto(product.url + PLAIN_SETTINGS);
        const dark = await paint();
        await phone.emulateMedia({ colorScheme: "light" });
        const light = await paint();
        expect([dark[0], light[0]]).toEqual(["dark", "light"]);
        expect(dark[1]).not.toBe(light[1]);
      });

      test("are changed without scripts, on a phone, with what is wrong at its field", async () => {
        await phone.goto(`${product.url}/harbor-cloud/settings`);
        expect(await hoursIn(phone).getByLabel("From").isVisible()).toBe(false);
        await hoursIn(phone).getByLabel("Quiet hours").check();
        await hoursIn(phone).getByLabel("Time zone").fill("Berlin");
        await saveHours(phone).click();
        await hoursIn(phone).getByText("is not a time zone such as Europe/Berlin.").waitFor();
        expect(await hoursIn(phone).getByLabel("Quiet hours").isChecked()).toBe(true);
        await hoursIn(phone).getByLabel("Time zone").fill("Europe/Berlin");
        await saveHours(phone).click();
        await hoursIn(phone).getByText("Quiet hours saved").waitFor();
        expect(await readQuietHours()).toEqual({ from: "22:00", to: "07:00", timeZone: "Europe/Berlin" });
        await hoursIn(phone).getByLabel("Quiet hours").uncheck();
        await saveHours(phone).click();
        await hoursIn(phone).getByText("Quiet hours saved").waitFor();
        expect(await readQuietHours()).toBeNull();
        await storageIn(phone).getByLabel("Days runs are kept").fill("15");
        await storageIn(phone).getByLabel("Days step logs are kept").fill("a month");
        await saveDays(phone).click();
        await storageIn(phone).getByText("Must be a number.").waitFor();
        expect(await storageIn(phone).getByLabel("Days runs are kept").inputValue()).toBe("15");
        await whenFitting(phone);
        await storageIn(phone).getByLabel("Days step logs are kept").fill("16");
        await saveDays(phone).click();
        await storageIn(phone).getByText("Must be at most 15, the days that runs are kept.").waitFor();
        await storageIn(phone).getByLabel("Days step logs are kept").fill("12");
        await saveDays(phone).click();
        await storageIn(phone).getByText("Saved. Applies to data stored from now on.").waitFor();
        expect(await readRetention()).toMatchObject({ runs: 15, logs: 12, failed: 180 });
      });

      test.each(["without scripts", "with scripts"])(
        "hours that were changed in another window are told %s, and the next press replaces them",
        async (way) => {
          const on = way === "with scripts" ? page : phone;
          const setHours = (quietHours: object | null) =>
            product.api("/api/v1/notifications/quiet-hours", { method: "PUT", json: { quietHours } });
          await setHours(null);
          await on.goto(on === page ? settings() : product.url + PLAIN_SETTINGS);
          if (on === page) await whenAwake(saveHours(on));
          await setHours({ from: "20:00", to: "08:00", timeZone: "UTC" });
          await hoursIn(on).getByLabel("Quiet hours").check();
          await hoursIn(on).getByLabel("Time zone").fill("Asia/Kolkata");
          await saveHours(on).click();
          await hoursIn(on)
            .getByText("Quiet hours were set to 20:00 to 08:00, UTC since you read them.")
            .waitFor();
          expect(await readQuietHours()).toMatchObject({ from: "20:00", timeZone: "UTC" });
          expect(await hoursIn(on).getByLabel("Time zone").inputValue()).toBe("Asia/Kolkata");
          await whenFitting(on);
          await on.locator("input[name='replaces.from'][value='20:00']").waitFor({ state: "attached" });
          await saveHours(on).click();
          await on.getByText("Quiet hours saved").first().waitFor();
          expect(await readQuietHours()).toEqual({ from: "22:00", to: "07:00", timeZone: "Asia/Kolkata" });
          await setHours(null);
        },
      );

      test("are changed where scripts run, and stay as they were saved", async () => {
        await page.goto(settings());
        await hoursIn(page).getByLabel("Quiet hours").check();
        await hoursIn(page).getByLabel("Time zone").fill("UTC");
        await hoursIn(page).getByLabel("To", { exact: true }).fill("22:00");
        await saveHours(page).click();
        await hoursIn(page).getByText("Must be another time than from.").waitFor();
        await expectAccessible(page);
        await hoursIn(page).getByLabel("To", { exact: true }).fill("06:30");
        await saveHours(page).click();
        await page.getByText("Quiet hours saved").waitFor();
        expect(await readQuietHours()).toEqual({ from: "22:00", to: "06:30", timeZone: "UTC" });
        await storageIn(page).getByLabel("Days events are kept").fill("0");
        await saveDays(page).click();
        await storageIn(page).getByText("Must be at least a day.").waitFor();
        await expectAccessible(page);
        await storageIn(page).getByLabel("Days events are kept").fill("7");
        await saveDays(page).click();
        await page.getByText("Saved. Applies to data stored from now on.").waitFor();
        expect(await readRetention()).toMatchObject({ events: 7 });
        expect(await storageIn(page).getByLabel("Days events are kept").inputValue()).toBe("7");
      });
    });

    describe("webhooks", () => {
      const cardIn = (on: Page) => on.getByLabel("Webhooks", { exact: true });
      const find = async (name: string) => {
        const answer = await product.api("/api/v1/webhooks?limit=100");
        const { items } = (await answer.json()) as { items: readonly { name: string; priority: string }[] };
        return items.filter((webhook) => webhook.name === name);
      };

      test("are made without scripts, on a phone, and called with the secret that the answer alone shows", async () => {
        await phone.goto(`${product.url}/harbor-cloud/triggers`);
        const form = cardIn(phone).locator("details", { has: phone.locator("#new-webhook") });
        await form.locator("summary").click();
        await form.getByLabel("Priority").selectOption("High");
        await form.getByRole("button", { name: "Create webhook" }).click();
        await form.getByText("Must not be empty.").waitFor();
        expect(await form.getByLabel("Priority").inputValue()).toBe("high");
        await whenFitting(phone);
        await form.getByLabel("Name").fill("Without scripts");
        await form.getByLabel("Workflow").selectOption({ index: 1 });
        await form.getByRole("button", { name: "Create webhook" }).click();
        await form.getByText("Store the secret where only the sender can read it.").waitFor();
        const [url = "", secret = ""] = await form.locator("pre").allInnerTexts();
        const body = JSON.stringify({ topic: "News", question: "Why?" });
        const at = new Date();
        const called = await fetch(url, {
          method: "POST",
          body,
          headers: {
            "content-type": "application/json",
            "webhook-id": "msg_form",
            "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
            "webhook-signature": new Webhook(secret).sign("msg_form", at, body),
          },
        });
        expect(called.status).toBe(202);
        await phone.reload();
        expect(await form.locator("pre").nth(1).innerText()).toBe(secret);
        expect(await find("Without scripts")).toMatchObject([{ priority: "high" }]);
        await whenFitting(phone);
        await form.getByRole("link", { name: "Done" }).click();
        await cardIn(phone).getByRole("listitem").filter({ hasText: "Without scripts" }).waitFor();
        expect(await phone.content()).not.toContain(secret);
      });

      test("are made once by a window, however often Enter is pressed, and what is lacking stands at its field", async () => {
        await page.goto(`${product.url}/harbor-cloud/triggers`);
        const make = page.getByRole("button", { name: "New webhook" });
        await whenAwake(make);
        await make.click();
        const window = page.getByRole("dialog");
        await window.getByRole("button", { name: "Create webhook" }).click();
        await window.getByText("Must not be empty.").waitFor();
        await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "name");
        await expectAccessible(page);
        await window.getByLabel("Workflow").selectOption({ index: 1 });
        await window.getByLabel("Name").fill("Contact form");
        await page.keyboard.press("Enter");
        await page.keyboard.press("Enter");
        await window.getByText("Store the secret where only the sender can read it.").waitFor();
        await expectAccessible(page);
        await window.getByRole("button", { name: "Done" }).click();
        await cardIn(page).getByRole("listitem").filter({ hasText: "Contact form" }).waitFor();
        expect(await find("Contact form")).toHaveLength(1);
      });
    });

    describe("schedules", () => {
      const schedules = async () => {
        const answer = await product.api("/api/v1/schedules?limit=100");
        return ((await answer.json()) as { items: readonly Record<string, unknown>[] }).items;
      };
      const cardIn = (on: Page) => on.getByLabel("Schedules", { exact: true });
      const rowIn = (on: Page, cron: string) => cardIn(on).getByRole("listitem").filter({ hasText: cron });
      const find = async (cron: string) => (await schedules()).find((schedule) => schedule["cron"] === cron);

      test("are made, paused and deleted without scripts, on a phone", async () => {
        await phone.goto(`${product.url}/harbor-cloud/triggers`);
        const form = cardIn(phone).locator("details", { has: phone.locator("#new-schedule") });
        await form.locator("summary").click();
        await form.getByLabel("Workflow").selectOption({ index: 1 });
        await form.getByLabel("When (cron)").fill("sometimes");
        await form.getByRole("button", { name: "Create schedule" }).click();
        await form.getByText("Use five fields").first().waitFor();
        expect(await form.getByLabel("Workflow").inputValue()).not.toBe("");
        await whenFitting(phone);
        await form.getByLabel("When (cron)").fill("7 7 * * 1");
        await form.getByLabel("Priority").selectOption("High");
        await form.getByLabel("Input of every run").fill('{"topic": "News", "question": "Why?"}');
        await form.getByRole("button", { name: "Create schedule" }).click();
        const row = rowIn(phone, "7 7 * * 1");
        await row.waitFor();
        expect(await find("7 7 * * 1")).toMatchObject({ enabled: true, priority: "high", timezone: "UTC" });
        await row.getByRole("switch").click();
        await row.getByText("Off", { exact: true }).waitFor();
        expect(await find("7 7 * * 1")).toMatchObject({ enabled: false, priority: "high" });
        await row.getByLabel(/^Priority of/).selectOption("Low");
        await row.getByRole("button", { name: "Set" }).click();
        await row.getByText("Saved", { exact: true }).waitFor();
        expect(await find("7 7 * * 1")).toMatchObject({ enabled: false, priority: "low" });
        await row.locator("summary").click();
        await whenFitting(phone);
        await row.getByRole("button", { name: "Delete", exact: true }).click();
        await row.waitFor({ state: "detached" });
        expect(await find("7 7 * * 1")).toBeUndefined();
      });

      test("are made, paused and deleted by windows and a switch", async () => {
        await page.goto(`${product.url}/harbor-cloud/triggers?tab=schedules`);
        const make = page.getByRole("button", { name: "New schedule" });
        await whenAwake(make);
        await make.click();
        const window = page.getByRole("dialog");
        await window.getByLabel("Workflow").selectOption({ index: 1 });
        await window.getByLabel("When (cron)").fill("8 8 * * 2");
        const inputs = window.getByRole("group", { name: "Input of every run" }).getByRole("textbox");
        await inputs.first().waitFor();
        for (const input of await inputs.all()) await input.fill("News");
        await expectAccessible(page);
        await window.getByRole("button", { name: "Create schedule" }).click();
        await window.waitFor({ state: "detached" });
        const row = rowIn(page, "8 8 * * 2");
        await row.getByRole("switch", { checked: true }).click();
        await row.getByRole("switch", { checked: false }).waitFor();
        await row.getByLabel(/^Priority of/).selectOption("Low");
        await eventually(async () => (await find("8 8 * * 2"))?.["priority"] === "low" || undefined);
        expect(await find("8 8 * * 2")).toMatchObject({ enabled: false });
        await row.getByRole("button", { name: /^Delete/ }).click();
        await window.getByRole("button", { name: "Delete", exact: true }).click();
        // Under an open window the row is out of reach before it is gone.
        await eventually(async () => ((await find("8 8 * * 2")) === undefined ? true : undefined));
        await row.waitFor({ state: "detached" });
      });
    });

    describe("connections", () => {
      const find = async (name: string) => {
        const answer = await product.api("/api/v1/connections");
        const { items } = (await answer.json()) as { items: readonly Record<string, unknown>[] };
        return items.find((connection) => connection["name"] === name);
      };
      const rowIn = (on: Page, name: string) =>
        on.getByLabel("Connections", { exact: true }).getByRole("listitem").filter({ hasText: name });
      const PAGE = "/~plain/harbor-cloud/settings/connections";

      test("are made, tried, changed and deleted without scripts, on a phone, and a secret never comes back", async () => {
        await phone.goto(`${product.url}/harbor-cloud/settings/connections`);
        const form = phone.locator("details", { has: phone.locator("#new-connection") });
        await form.locator("summary").click();
        // Fields of other kinds and ways are not seen.
        const seen = (label: string) => form.getByLabel(label).filter({ visible: true });
        const typed = (label: string) => seen(label).first();
        await typed("Kind").selectOption("HTTP");
        await typed("Sign-in").selectOption("User name and password");
        expect([await seen("API key").count(), await seen("Client ID").count()]).toEqual([0, 0]);
        await typed("Name").fill("Not a name");
        await typed("Address").fill(server.origin);
        await typed("User name").fill("ada");
        await typed("Password").fill("words for one moment");
        await form.getByRole("button", { name: "Save" }).click();
        await form
          .getByText(/lower-case letters/i)
          .first()
          .waitFor();
        expect(new URL(phone.url()).pathname).toBe(PAGE);
        expect(await phone.content()).not.toContain("words for one moment");
        expect(await typed("User name").inputValue()).toBe("ada");
        await whenFitting(phone);
        await typed("Name").fill("desk");
        await typed("Password").fill("words for one moment");
        await form.getByRole("button", { name: "Save" }).click();
        const row = rowIn(phone, "desk");
        await row.getByText("Not tested yet").waitFor();
        expect(await phone.content()).not.toContain("words for one moment");
        expect(await find("desk")).toMatchObject({ settings: { username: "ada" }, secrets: ["password"] });
        await row.getByRole("button", { name: "Test desk" }).click();
        await row
          .getByText(/^(Tested|Reachable|The server)/)
          .first()
          .waitFor();
        await row.locator("summary", { hasText: "Edit" }).click();
        await row.getByLabel("User name").filter({ visible: true }).fill("grace");
        await row.getByRole("button", { name: "Save" }).click();
        await row.getByText("Connection saved").waitFor();
        expect(await find("desk")).toMatchObject({ settings: { username: "grace" }, secrets: ["password"] });
        await row.locator("summary", { hasText: "Delete" }).click();
        await whenFitting(phone);
        await row.getByRole("button", { name: "Delete", exact: true }).click();
        await row.waitFor({ state: "detached" });
        expect(await find("desk")).toBeUndefined();
      });

      test("have prices, which are set and removed without scripts", async () => {
        await phone.goto(`${product.url}/harbor-cloud/settings/connections`);
        const prices = phone.getByLabel("Prices", { exact: true });
        const form = prices.locator("details", { has: phone.locator("#price-") });
        await form.locator("summary").first().click();
        await form.getByLabel("Model").fill("ollama/qwen3");
        await form.getByLabel("Input", { exact: true }).fill("0.5");
        await form.getByRole("button", { name: "Set price" }).click();
        await form.getByText("Fill this in.").waitFor();
        expect(await form.getByLabel("Model").inputValue()).toBe("ollama/qwen3");
        await form.getByLabel("Output").fill("2");
        await form.getByRole("button", { name: "Set price" }).click();
        const own = prices.getByLabel("Prices of this workspace").getByRole("listitem");
        await own.filter({ hasText: "ollama/qwen3" }).waitFor();
        await own.getByRole("button", { name: /^Remove the price of ollama/ }).click();
        await own.first().waitFor({ state: "detached" });
      });
    });

    describe("MCP servers", () => {
      const TOOL = { name: "find_order", description: "Finds it.", inputSchema: { type: "object" } };

      test("are added, their tools chosen and withdrawn, and removed without scripts, on a phone", async () => {
        server.behave = lists([TOOL], ({ answer }) => answer({}));
        await phone.goto(`${product.url}/harbor-cloud/mcp`);
        const form = phone.locator("details", { has: phone.locator("#new-server") });
        await form.locator("summary").click();
        await form.getByLabel("Sign-in").selectOption("With a token");
        await form.getByLabel("Name").fill("desk");
        await form.getByLabel("Address").fill("not an address");
        await form.getByLabel("Token").fill("words for one moment");
        await form.getByRole("button", { name: "Add server" }).click();
        await form.getByRole("alert").waitFor();
        expect(await form.getByLabel("Address").inputValue()).toBe("not an address");
        expect(await phone.content()).not.toContain("words for one moment");
        await whenFitting(phone);
        await form.getByLabel("Address").fill(server.url);
        await form.getByLabel("Token").fill("words for one moment");
        await form.getByRole("button", { name: "Add server" }).click();
        const desk = phone.getByRole("region", { name: "desk" });
        await desk.getByText("0 of 1 tools chosen").waitFor();
        expect(await phone.content()).not.toContain("words for one moment");
        await desk.getByLabel("What find_order does").selectOption("Reads");
        await desk.getByRole("button", { name: "Let agents call it" }).click();
        await desk.getByText("1 of 1 tools chosen").waitFor();
        const chosen = await product.api("/api/v1/tools?search=find_order");
        expect(JSON.stringify(await chosen.json())).toContain("desk__find_order");
        server.behave = lists([{ ...TOOL, description: "Finds any." }], ({ answer }) => answer({}));
        await desk.getByRole("button", { name: "Refresh desk" }).click();
        await desk.getByText("1 changed").waitFor();
        await desk.getByRole("button", { name: "Accept the change" }).click();
        await desk.getByText("1 changed").waitFor({ state: "detached" });
        await whenFitting(phone);
        await desk.getByRole("button", { name: "Withdraw" }).click();
        await desk.getByText("0 of 1 tools chosen").waitFor();
        await desk.locator("summary", { hasText: "Remove" }).click();
        await desk.getByRole("button", { name: "Remove", exact: true }).click();
        await desk.waitFor({ state: "detached" });
      });
    });

    describe("a post by hand", () => {
      type Sent = readonly (readonly [name: string, value: string])[];
      /** The fields of a form as its plain page has them. */
      const readForm = async (address: string, form: string): Promise<Sent> => {
        await plain.goto(product.url + address);
        return plain
          .locator(form)
          .first()
          .evaluate((found) => [...new FormData(found as HTMLFormElement)] as [string, string][]);
      };
      const change = (all: Sent, changed: Readonly<Record<string, string>>): Sent =>
        all.map(([name, value]) => [name, changed[name] ?? value]);
      const session = async () =>
        (await plainContext.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
      /** Posts as a browser without scripts does. The host of fetch cannot be chosen. */
      const post = async (
        address: string,
        sent: Sent,
        headers: Readonly<Record<string, string>> = {},
      ): Promise<Answer> => {
        const form = new FormData();
        for (const [name, value] of sent) form.append(name, value);
        const body = new Response(form);
        const bytes = Buffer.from(await body.arrayBuffer());
        const type = body.headers.get("content-type") ?? "";
        const send = async () => {
          const own = { "content-type": type, cookie: await session(), origin: product.url };
          return ask(address, bytes, { ...own, ...headers });
        };
        const answer = await send();
        if (answer.status !== 401 || "cookie" in headers) return answer;
        // A session's token lives for a minute; a page without scripts has it renewed by a visit alone.
        await plain.goto(product.url + address);
        return send();
      };
      interface Answer {
        readonly status: number;
        readonly text: string;
      }
      const ask = (address: string, bytes: Buffer, headers: Readonly<Record<string, string>>) =>
        new Promise<Answer>((resolve, reject) => {
          const asked = http.request(product.url + address, { method: "POST", headers }, (answer) => {
            let text = "";
            answer.setEncoding("utf8");
            answer.on("data", (piece: string) => (text += piece));
            answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
          });
          asked.on("error", reject);
          asked.end(bytes);
        });

      type Row = Readonly<Record<string, unknown>>;
      const readList = async <Told>(noun: string, tell: (row: Row) => Told): Promise<readonly Told[]> => {
        const answer = await product.api(`/api/v1/${noun}`);
        return ((await answer.json()) as { items: readonly Row[] }).items.map(tell);
      };
      const readKeys = () => readList("api-keys", ({ id, revokedAt }) => ({ id, revokedAt }));
      const findPublished = async () => {
        const found = await readList("workflows", ({ id, publishedVersion }) => ({ id, publishedVersion }));
        return String(found.find(({ publishedVersion }) => publishedVersion !== null)?.id);
      };
      const FORMS: readonly {
        readonly name: string;
        /** Makes what it is about, and returns its page. */
        readonly page: () => Promise<string>;
        readonly form: string;
        readonly changed: () => Promise<Readonly<Record<string, string>>>;
        /** A value that no answer has. */
        readonly secret?: string;
        readonly read: () => Promise<unknown>;
      }[] = [
        {
          name: "limits",
          page: async () => PLAIN_SETTINGS,
          form: "form:has([name=concurrency])",
          changed: async () => ({ concurrency: "9" }),
          read: limits,
        },
        {
          name: "a workflow's name",
          page: async () => `/~plain/harbor-cloud/workflows/${(await workflow()).id}`,
          form: "form:has([name=name])",
          changed: async () => ({ name: "Named by hand" }),
          read: async () => (await workflow()).name,
        },
        {
          name: "a new API key",
          page: async () => PLAIN_SETTINGS,
          form: "form:has([name=preset])",
          changed: async () => ({ name: "By hand" }),
          read: readKeys,
        },
        {
          name: "a new webhook",
          page: async () => "/~plain/harbor-cloud/triggers",
          form: "#new-webhook form",
          changed: async () => ({ name: "By hand", workflowId: await findPublished() }),
          read: () => readList("webhooks", ({ id, name }) => ({ id, name })),
        },
        {
          name: "a new secret",
          page: async () => PLAIN_SETTINGS,
          form: "#new-secret form",
          changed: async () => ({ name: "BY_HAND", hosts: "api.example.com" }),
          secret: "words for one moment",
          read: () => readList("secrets", ({ name, hosts }) => ({ name, hosts })),
        },
        {
          name: "a new connection",
          page: async () => "/~plain/harbor-cloud/settings/connections",
          form: "#new-connection form",
          changed: async () => ({
            name: "by-hand",
            kind: "openai",
            "secret.openai.apiKey": "words for one moment",
          }),
          secret: "words for one moment",
          read: () => readList("connections", ({ id, name }) => ({ id, name })),
        },
        {
          name: "a new MCP server",
          page: async () => "/~plain/harbor-cloud/mcp",
          form: "#new-server form",
          changed: async () => ({ name: "server-by-hand", url: server.url }),
          read: () => readList("mcp-servers", ({ id, name }) => ({ id, name })),
        },
        {
          name: "quiet hours",
          page: async () => {
            const quietHours = { from: "20:00", to: "08:00", timeZone: "UTC" };
            await product.api("/api/v1/notifications/quiet-hours", { method: "PUT", json: { quietHours } });
            return PLAIN_SETTINGS;
          },
          form: "form:has(#quiet-hours)",
          changed: async () => ({ "quietHours.timeZone": "Asia/Kolkata" }),
          read: readQuietHours,
        },
        {
          name: "storage",
          page: async () => PLAIN_SETTINGS,
          form: "#storage form",
          changed: async () => ({ "retention.deliveries": "21" }),
          read: readRetention,
        },
        {
          name: "an API key that goes",
          page: async () => {
            await product.api("/api/v1/api-keys", { json: { name: "Goes", scopes: ["read"] } });
            return PLAIN_SETTINGS;
          },
          form: "li:has-text('Goes') form:has([name=id])",
          changed: async () => ({}),
          read: readKeys,
        },
      ];

      describe.each(FORMS)("of $name", ({ page: open, form, changed, secret = "nothing secret", read }) => {
        test("is refused from elsewhere, by nobody, for another workspace and from another build, and else done", async () => {
          const address = await open();
          const before = await read();
          const typed = await changed();
          const sent = change(await readForm(address, form), { ...typed, "secret.value": secret });
          for (const [headers, status] of [
            [{ origin: "https://evil.example" }, 403],
            [{ origin: "http://evil.example", host: "evil.example" }, 403],
            [{ origin: "null" }, 403],
          ] as const)
            expect((await post(address, sent, headers)).status).toBe(status);
          const kept = [
            await post(address, sent, { cookie: "" }),
            await post(address, change(sent, { "cairn:build": "another" })),
          ];
          expect(kept.map(({ status }) => status)).toEqual([401, 409]);
          for (const { text } of kept)
            for (const value of Object.values(typed).filter((one) => one !== secret))
              expect(text).toContain(value);
          for (const { text } of kept) expect(text).not.toContain(secret);
          const elsewhere = change(sent, { "cairn:workspace": "0198c2f4-6f0a-7c3e-9a51-2b7d4e8f9a10" });
          expect((await post(address, elsewhere)).text).toContain("You are in another workspace now");
          expect(await read()).toEqual(before);
          // A proxy calls the server by another name.
          expect((await post(address, sent, { host: "inside.example:1234" })).status).toBe(200);
          const after = await read();
          expect(after).not.toEqual(before);
          // What a reload of the answer sends.
          expect((await post(address, sent)).status).toBe(200);
          expect(await read()).toEqual(after);
        });
      });

      test("with parts that nobody wrote is refused, and never an error of the server", async () => {
        const all = await readForm(PLAIN_SETTINGS, "form:has([name=concurrency])");
        const names = all.map(([name]) => name);
        const action = names.find((name) => /^\$ACTION_\d+:0$/.test(name)) ?? "";
        const args = names.find((name) => /^\$ACTION_\d+:1$/.test(name)) ?? "";
        const forged: [Readonly<Record<string, string>>, number][] = [
          [{ [action]: '{"id":"constructor","bound":"$@1"}' }, 400],
          [{ [action]: `{"id":"${"60".padEnd(42, "0")}","bound":"$@1"}` }, 409],
          [{ [args]: '["$F1"]' }, 400],
          [{ [args]: "[[[[" }, 400],
          [{ concurrency: "9".repeat(300_000) }, 413],
        ];
        for (const [changed, status] of forged)
          expect((await post(PLAIN_SETTINGS, change(all, { concurrency: "9", ...changed }))).status).toBe(
            status,
          );
        expect((await post(PLAIN_SETTINGS, [...all, ["$ACTION_9:0", "{}"]])).status).toBe(400);
        const junk = Buffer.from("--x junk");
        const type = { "content-type": "multipart/form-data; boundary=x" };
        expect((await ask(PLAIN_SETTINGS, junk, type)).status).toBe(405);
        expect(await limits()).toEqual({ concurrency: 3 });
      });
    });

    test("no page has a problem", () => {
      const expected = /Failed to load resource|net::ERR_INTERNET_DISCONNECTED|UnrecognizedAction/;
      expect(journey.problems.filter((problem) => !expected.test(problem))).toEqual([]);
    });
  },
);
