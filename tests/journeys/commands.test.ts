import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

// Somebody who never touches the mouse.
describe.skipIf(chromiumPath === undefined)(
  `the command bar and the keys${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let product: Journey["product"];
    let page: Journey["page"];

    beforeAll(async () => {
      journey = await openJourney();
      ({ product, page } = journey);
      await signInAt(journey, "runs");
      await page.getByRole("heading", { name: "Runs" }).waitFor();
    });
    afterAll(() => journey?.close());

    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const bar = () => page.getByRole("dialog", { name: "Find or do" });
    const field = () => bar().getByRole("combobox", { name: "Find or do" });
    const lit = () => bar().locator("[role=option][data-highlighted]");
    const openBar = async () => {
      // A page that has just been gone to hears no key yet.
      await whenAwake(page.getByRole("button", { name: "Find or do", exact: true }));
      await press("Control+k");
      await field().and(page.locator(":focus")).waitFor();
    };
    /** Opens the bar, writes, waits until a line of this name is the chosen one, and takes it. */
    const choose = async (typed: string, line: string | RegExp) => {
      await openBar();
      await page.keyboard.type(typed);
      await lit().filter({ hasText: line }).waitFor();
      await press("Enter");
      await bar().waitFor({ state: "detached" });
    };
    const visit = async (address: string) => {
      await page.goto(`${product.url}/harbor-cloud/${address}`);
      await whenAwake(page.getByRole("button", { name: "Find or do", exact: true }));
    };

    test("a few letters lead anywhere, and nothing found is said", async () => {
      await visit("runs");
      await choose("inb", "Inbox");
      await page.waitForURL(/\/inbox/);
      await choose("api key", "API keys");
      await page.waitForURL(/settings#api-keys/);
      await page.getByRole("heading", { name: "Settings", exact: true }).waitFor();
      await openBar();
      await expectAccessible(page);
      await page.keyboard.type("zzyzx");
      await bar().getByText("Nothing here is called “zzyzx”").waitFor();
      await expectAccessible(page);
      await press("Escape");
    });

    test("Escape gives the focus back to where it was, and so does a window that a command has opened", async () => {
      await visit("runs");
      const search = page.getByLabel("Search runs");
      await whenAwake(search);
      await press("/");
      await search.and(page.locator(":focus")).waitFor();
      await openBar();
      await press("Escape");
      await search.and(page.locator(":focus")).waitFor();
      await choose("start a run", "Start a run");
      await page.getByRole("dialog", { name: "Start a run" }).waitFor();
      await press("Escape");
      await search.and(page.locator(":focus")).waitFor();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      expect(await search.inputValue()).toBe("");
    });

    test("a run is found by words of its question, and every page says what can be done with it", async () => {
      await visit("workflows");
      await openBar();
      await page.keyboard.type("@outage");
      const runs = bar().getByRole("group", { name: "Runs" });
      await runs.getByRole("option").first().waitFor();
      await expectAccessible(page);
      const lines = await bar().getByRole("option").count();
      for (let line = 1; line < lines; line += 1) {
        if (await runs.locator("[data-highlighted]").count()) break;
        await press("ArrowDown");
      }
      await press("Enter");
      await page.waitForURL(/\/runs\/[\da-f-]{36}/);
      await page.getByText("checkpoints kept").or(page.getByText("checkpoint kept")).first().waitFor();
      await choose("cancel", "Cancel this run");
      await page
        .getByRole("alertdialog")
        .or(page.getByRole("dialog"))
        .getByText("Cancel this run?")
        .waitFor();
      await press("Escape");
    });

    test("a run of a workflow is started from any page", async () => {
      await visit("knowledge");
      await choose(">start weekly", "Start Weekly review crew");
      const topic = page.getByRole("dialog", { name: "Start a run" }).getByLabel("Topic");
      await topic.waitFor();
      expect(new URL(page.url()).pathname).toBe("/harbor-cloud/knowledge");
      await press("Escape");
    });

    test("a search that fails can be tried again, and a late answer to older words is not shown", async () => {
      await visit("knowledge");
      const search = /\/api\/v1\/runs\?.*search=/;
      await page.route(search, (route) => route.fulfill({ status: 500, json: { title: "Broken" } }));
      await openBar();
      await page.keyboard.type("outage");
      const again = bar().getByRole("option", { name: /Try to find runs again/ });
      await again.waitFor();
      await page.unroute(search);
      await press("ArrowUp");
      await lit().filter({ hasText: "Try to find runs again" }).waitFor();
      await press("Enter");
      await bar().getByRole("group", { name: "Runs" }).getByRole("option").first().waitFor();
      await page.route(search, async (route) => {
        if (route.request().url().includes("search=ferries"))
          await new Promise((done) => setTimeout(done, 1_500));
        await route.continue().catch(() => undefined);
      });
      const asked = page.waitForRequest(search);
      await field().fill("ferries");
      await bar().getByText("Searching…").waitFor();
      await asked;
      await field().fill("zzyzx");
      await bar().getByText("Nothing here is called “zzyzx”").waitFor();
      await page.waitForTimeout(1_600);
      expect(await bar().getByRole("option").count()).toBe(0);
      await page.unroute(search);
      await press("Escape");
      // A browser notes every refusal; these were made here.
      expect(journey.problems.splice(0).every((text) => text.includes("500"))).toBe(true);
    });

    test("the theme and the keys are found too, and ? shows every key", async () => {
      await visit("runs");
      await choose("theme dark", "Theme: dark");
      await page.locator("html[data-theme=dark]").waitFor();
      await openBar();
      await expectAccessible(page);
      await press("Escape");
      await bar().waitFor({ state: "detached" });
      await press("?");
      const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
      await sheet.getByText("Find or do anything").waitFor();
      await expectAccessible(page);
      await press("Escape");
      await sheet.waitFor({ state: "detached" });
      await choose("theme light", "Theme: light");
      await page.locator("html[data-theme=light]").waitFor();
    });

    test("on the runs J and K choose, Enter opens, and G K goes to knowledge without choosing", async () => {
      await visit("runs");
      await page.locator("tr[id^=run-]").first().waitFor();
      const chosen = page.locator("tr[id^=run-].outline-2");
      // A list that has just been streamed in hears no key yet.
      await eventually(async () => {
        await press("j");
        return (await chosen.count()) === 1 || undefined;
      });
      await press("j", "k");
      await chosen.waitFor();
      await press("Enter");
      await page.waitForURL(/\/runs\/[\da-f-]{36}/);
      await press("g", "k");
      await page.waitForURL(/\/knowledge/);
      await page.getByRole("heading", { name: "Knowledge", exact: true }).waitFor();
      expect(await page.getByRole("dialog").count()).toBe(0);
    });

    test("in the text of a workflow the bar lies over the editor, which then has its keys again", async () => {
      await visit("workflows");
      await choose("weekly review", "Weekly review crew");
      await page.waitForURL(/workflows\/[\da-f-]{36}/);
      await choose("show yaml", "Show YAML");
      const editor = page.getByLabel(/^Definition \(YAML or JSON\)/);
      await editor.click();
      const before = await editor.innerText();
      await openBar();
      await page.keyboard.type("fit n");
      await press("Escape");
      await editor.and(page.locator(":focus")).waitFor();
      await press("Control+End");
      await page.keyboard.type("# n");
      await editor.getByText("# n").first().waitFor();
      await press("Control+z");
      await editor.getByText("# n").first().waitFor({ state: "detached" });
      expect(await editor.innerText()).toBe(before);
    });

    test("keys are written as they are on a Mac once React has taken the page over, and not before", async () => {
      const mac = await journey.browser.newContext({
        storageState: await page.context().storageState(),
        viewport: { width: 1440, height: 900 },
      });
      await mac.addInitScript(() => Object.defineProperty(navigator, "platform", { get: () => "MacIntel" }));
      const theirs = await mac.newPage();
      const problems: string[] = [];
      theirs.on("pageerror", ({ message }) => problems.push(message));
      const answer = await theirs.goto(`${product.url}/harbor-cloud/runs`);
      // The server does not know the machine, and what the browser draws first is what the server has drawn.
      expect(await answer?.text()).toMatch(/<kbd[^>]*>Ctrl<\/kbd>/);
      await theirs.locator("kbd:visible", { hasText: "⌘" }).first().waitFor();
      expect(await theirs.locator("kbd:visible", { hasText: "Ctrl" }).count()).toBe(0);
      expect(problems).toEqual([]);
      await mac.close();
    });

    const menu = (name: RegExp) => page.getByRole("button", { name }).filter({ visible: true });
    const openMenu = async (name: RegExp) => {
      await whenAwake(page.getByRole("button", { name: "Find or do", exact: true }));
      await menu(name).focus();
      await press("Enter");
    };

    test("a workspace is made and changed for another, without the identity provider's forms on any page of one", async () => {
      await visit("runs");
      await openMenu(/switch workspace/);
      await page.getByRole("button", { name: /^Harbor Cloud( active)?$/ }).waitFor();
      await expectAccessible(page);
      await press("Tab", "Tab", "Tab", "Enter");
      await page.waitForURL(/~new-workspace/);
      await page.getByLabel("Name", { exact: true }).fill("Second Quay");
      await page.getByRole("button", { name: "Create workspace" }).press("Enter");
      await page.waitForURL(/second-quay\/runs/);
      await openMenu(/Second Quay/);
      await page.getByRole("button", { name: /^Harbor Cloud( active)?$/ }).press("Enter");
      await page.waitForURL(/harbor-cloud\/runs/);
      const loaded = await page.evaluate(() =>
        performance.getEntriesByType("resource").map(({ name }) => name),
      );
      expect(loaded.some((name) => name.includes("/@clerk/clerk-js"))).toBe(true);
      expect(loaded.filter((name) => name.includes("/@clerk/ui"))).toEqual([]);
    });

    test("a person's menu leads to their account, back, and out", async () => {
      await visit("runs");
      await openMenu(/^Ada Lovelace account/);
      await page.getByText("ada@cairn.local").waitFor();
      await expectAccessible(page);
      await press("Escape");
      await page.getByText("ada@cairn.local").waitFor({ state: "detached" });
      await openMenu(/^Ada Lovelace account/);
      await page.getByRole("link", { name: "Account and security" }).press("Enter");
      await page.getByRole("heading", { name: "Profile details" }).waitFor();
      await page.getByRole("link", { name: "Back to Cairn" }).press("Enter");
      await page.waitForURL(/harbor-cloud\/runs/);
      await openMenu(/^Ada Lovelace account/);
      await page.getByRole("button", { name: "Sign out" }).press("Enter");
      await page.waitForURL(({ pathname }) => pathname === "/");
      await page.goto(`${product.url}/~account`);
      await page.waitForURL(/sign-in\?redirect_url=.*account/);
      await signInAt(journey, "runs");
      await page.getByRole("heading", { name: "Runs" }).waitFor();
    });

    test("on a phone a button opens it, a finger chooses, and it fits", async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      await visit("runs");
      await page
        .getByRole("button", { name: "Find or do", exact: true })
        .and(page.locator(":visible"))
        .click();
      await field().and(page.locator(":focus")).waitFor();
      await whenFitting(page);
      await expectAccessible(page);
      await field().fill("knowledge");
      await bar().getByRole("option", { name: "Knowledge" }).first().click();
      await page.waitForURL(/\/knowledge/);
      expect(journey.problems).toEqual([]);
    });
  },
);
