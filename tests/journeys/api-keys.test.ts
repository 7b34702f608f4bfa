import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

const DAY_MS = 24 * 3_600_000;

// An admin gives a program a key that may do little, somewhere, and for some time.
describe.skipIf(chromiumPath === undefined)(
  `API keys${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let product: Journey["product"];
    let page: Journey["page"];

    beforeAll(async () => {
      journey = await openJourney();
      ({ product, page } = journey);
      await signInAt(journey, "settings");
      await page.getByRole("heading", { name: "Settings" }).waitFor();
    });
    afterAll(() => journey?.close());

    const focused = () => page.locator(":focus");
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    /** Goes on by Tab until the focus is on what has this name. */
    const tabTo = async (name: RegExp) => {
      for (let presses = 0; presses < 60; presses += 1) {
        await press("Tab");
        const snapshot = await focused().ariaSnapshot();
        if (name.test(snapshot)) return;
      }
      throw new Error(`Tab does not come to ${name}.`);
    };
    const row = (name: string) => page.getByLabel("API keys").getByRole("listitem").filter({ hasText: name });
    const list = async () => {
      const answer = await product.api("/api/v1/api-keys?limit=100");
      return ((await answer.json()) as { items: readonly Record<string, unknown>[] }).items;
    };
    const open = async () => {
      const make = page.getByRole("button", { name: "New key" });
      await whenAwake(make);
      await make.focus();
      await press("Enter");
      await page.getByRole("dialog").waitFor();
    };

    test("made by keys alone: for one workflow that is searched for, with permissions one by one, until a day", async () => {
      const [first] = (
        (await (await product.api("/api/v1/workflows")).json()) as { items: { id: string; name: string }[] }
      ).items;
      if (!first) throw new Error("There is no workflow.");
      await open();
      await page.getByLabel("Name").and(focused()).waitFor();
      await page.keyboard.type("Nightly import");
      await tabTo(/Permissions/);
      await press("End");
      await page.getByRole("group", { name: "Runs" }).waitFor();
      await tabTo(/checkbox "Answer approvals"/);
      await press("Space");
      await tabTo(/button "Single workflows"/);
      await press("Space");
      await page.getByText("Choose a workflow.").waitFor();
      await expectAccessible(page);
      await tabTo(/searchbox/);
      await page.keyboard.type("no such thing at all");
      await page.getByText("No workflow has a name with these words.").waitFor();
      // Enter in the search does not make the key.
      await press("Enter", "Control+a");
      await page.keyboard.type(first.name.toUpperCase());
      await page.getByRole("checkbox", { name: first.name, exact: true }).waitFor();
      await tabTo(/checkbox/);
      await press("Space");
      await page.getByRole("button", { name: `Remove ${first.name}` }).waitFor();
      await tabTo(/combobox "Expires"/);
      await press("Home");
      await expect.poll(() => focused().inputValue()).toBe("30");
      await page.getByText(/It works until \d/).waitFor();
      await expectAccessible(page);
      await tabTo(/button "Create key"/);
      await press("Enter");

      const done = page.getByRole("button", { name: "I have copied it" });
      await done.waitFor();
      const key = await page.getByRole("dialog").locator("pre").innerText();
      await expectAccessible(page);
      // Not lost by whatever closes other windows: Esc, a click beside it, Enter once too often.
      await press("Escape", "Enter", "Escape");
      await page.mouse.click(5, 5);
      expect(await page.getByRole("dialog").locator("pre").innerText()).toBe(key);
      await tabTo(/button "Copy API key"/);
      await tabTo(/button "I have copied it"/);
      await press("Enter");
      await row("Nightly import").waitFor();

      const stored = (await list()).find(({ name }) => name === "Nightly import");
      expect(stored).toMatchObject({ workflows: [{ id: first.id }], lastUsedAt: null });
      expect(stored?.["scopes"]).toContain("runs:decide");
      const left = Date.parse(String(stored?.["expiresAt"])) - Date.now();
      expect(left).toBeGreaterThan(29 * DAY_MS);
      expect(left).toBeLessThanOrEqual(30 * DAY_MS);
      const text = await row("Nightly import").innerText();
      expect(text).toContain(`in ${first.name}`);
      expect(text).toMatch(/Never used · expires in (29|30) d/);
      const used = await fetch(`${product.url}/api/v1/workflows/${first.id}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      expect(used.status).toBe(200);
    });

    test("what was typed is not lost by Esc; a day that is over is refused before it is sent", async () => {
      await open();
      await page.getByLabel("Name").fill("Importer");
      await press("Escape");
      await page.getByText("Discard what you have entered?").waitFor();
      await page.getByRole("button", { name: "Keep editing" }).click();
      expect(await page.getByLabel("Name").inputValue()).toBe("Importer");
      await page.getByLabel("Expires").selectOption("On a date");
      await page.getByLabel("Last day").fill("2020-01-01");
      await page.getByText("Choose a date that is to come.").waitFor();
      expect(await page.getByRole("button", { name: "Create key" }).isDisabled()).toBe(true);
      await press("Escape");
      await page.getByRole("button", { name: "Discard" }).click();
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      expect((await list()).filter(({ name }) => name === "Importer")).toEqual([]);
    });

    test("one that ends within a week is marked, one that never ends says so, and on a phone all of it fits", async () => {
      const make = (name: string, days: number | null) =>
        product.api("/api/v1/api-keys", {
          json: {
            name,
            scopes: ["read"],
            expiresAt: days === null ? null : new Date(Date.now() + days * DAY_MS).toISOString(),
          },
        });
      await Promise.all([make("Ends soon", 6.99), make("Ends later", 7.1), make("For ever", null)]);
      await page.setViewportSize({ width: 390, height: 844 });
      await page.reload();
      await row("Ends soon")
        .getByText(/^Expires in 6 d/)
        .waitFor();
      expect(await row("Ends later").innerText()).toContain("expires in 7 d");
      expect(await row("For ever").innerText()).toMatch(/Read only\s+Never used · never expires/);
      await whenFitting(page);
      await expectAccessible(page);
      await open();
      await page.getByLabel("Permissions").selectOption("Choose permissions…");
      await page.getByRole("button", { name: "Single workflows" }).click();
      await page.getByLabel("Expires").selectOption("On a date");
      await page.getByRole("list", { name: "Found workflows" }).getByRole("checkbox").first().waitFor();
      await whenFitting(page);
      await expectAccessible(page);
      await press("Escape");
      await page.getByRole("button", { name: "Discard" }).click();
      expect(journey.problems).toEqual([]);
    });
  },
);
