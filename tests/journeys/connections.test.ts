import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { type GuardedApi, startGuardedApi } from "#/tests/support/guarded-api.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

const SECRET = "the secret of ours";

// An admin connects an API that people sign in to in the browser.
describe.skipIf(chromiumPath === undefined)(
  `connections${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let page: Journey["page"];
    let guarded: GuardedApi;

    beforeAll(async () => {
      guarded = await startGuardedApi();
      process.env["HTTP_ALLOW_HOSTS"] = new URL(guarded.origin).host;
      journey = await openJourney();
      ({ page } = journey);
      const redirectUri = `${journey.product.url}/api/mcp-sign-in`;
      guarded.authority.register({ id: "cairn", secret: SECRET, redirectUri });
      await signInAt(journey, "settings/connections");
      await page.getByRole("heading", { name: "Connections" }).waitFor();
    });
    afterAll(async () => {
      delete process.env["HTTP_ALLOW_HOSTS"];
      await journey?.close();
      await guarded?.stop();
    });

    const row = () => page.getByLabel("Connections").getByRole("listitem").filter({ hasText: "shop" });
    const connect = async (say: "Allow" | "Deny") => {
      const button = row().getByRole("button", { name: /^(Connect shop|Sign in again to shop)$/ });
      await whenAwake(button);
      await button.click();
      await page.getByRole("button", { name: say }).click();
      await page.getByRole("heading", { level: 1, name: "Connections" }).waitFor();
    };

    test("is filled in with the address to register, says that it needs a sign-in, and fits a phone", async () => {
      const make = page.getByRole("button", { name: "New connection" });
      await whenAwake(make);
      await make.click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Kind").selectOption("HTTP");
      await dialog.getByLabel("Sign-in", { exact: true }).selectOption("In the browser (OAuth)");
      await dialog.getByText(`${journey.product.url}/api/mcp-sign-in`).waitFor();
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await whenFitting(page);
      await expectAccessible(page);
      await page.setViewportSize({ width: 1440, height: 900 });
      for (const [label, value] of [
        ["Name", "shop"],
        ["Address", `${guarded.origin}/data`],
        ["Client ID", "cairn"],
        ["Client secret", SECRET],
        ["Sign-in address", `${guarded.origin}/authorize`],
        ["Token address", `${guarded.origin}/token`],
      ] as const)
        await dialog.getByLabel(label, { exact: true }).fill(value);
      await dialog.getByRole("button", { name: "Save and test" }).click();
      await row().getByText("Needs sign-in").waitFor();
      await row()
        .getByText(/press Connect/)
        .waitFor();
      await expectAccessible(page);
    });

    test("that a person does not let in says so, and stays as it was", async () => {
      await connect("Deny");
      await page.getByText("The person said no.").waitFor();
      await row().getByText("Needs sign-in").waitFor();
      await expectAccessible(page);
    });

    test("that a person lets in is tested at once, and can be signed in to again", async () => {
      await connect("Allow");
      await row().getByText("Reachable: the server answers 200.").waitFor();
      expect(await page.getByText("Needs sign-in").count()).toBe(0);
      await page.setViewportSize({ width: 390, height: 844 });
      await row().getByRole("button", { name: "Sign in again to shop" }).waitFor();
      await whenFitting(page);
      await expectAccessible(page);
      expect(journey.problems).toEqual([]);
    });

    test("the first steps are done by a connection that serves models, and by no other", async () => {
      const step = page
        .getByRole("region", { name: "First steps" })
        .getByRole("listitem")
        .filter({ hasText: "Connect your language model" });
      await page.goto(`${journey.product.url}/harbor-cloud/runs`);
      await step.getByRole("link", { name: "Connect a model" }).waitFor();
      const body = { name: "makers", kind: "openai", fields: { apiKey: "sk-none" } };
      expect((await journey.product.api("/api/v1/connections", { json: body })).status).toBe(201);
      await page.reload();
      await step.getByText("Done").waitFor();
      await step.getByText("makers/…").waitFor();
      await expectAccessible(page);
    });

    test("the first steps stand beside the runs and the templates, are hidden for good, and come back by the command bar", async () => {
      const steps = page.getByRole("region", { name: "First steps" });
      const hide = steps.getByRole("button", { name: /^Hide these steps/ });
      await page.goto(`${journey.product.url}/harbor-cloud/workflows/new`);
      await steps.getByText(/^[1-4] of 4$/).waitFor();
      // One of them is the one to do now.
      await steps.locator("[aria-current=step]").getByRole("link", { name: "Review and decide" }).waitFor();
      expect(await steps.locator("[aria-current=step]").count()).toBe(1);
      await expectAccessible(page);
      for (const width of [1440, 768, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await whenFitting(page);
      }
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(`${journey.product.url}/harbor-cloud/runs`);
      await whenAwake(hide);
      await hide.click();
      await steps.waitFor({ state: "detached" });
      await page.reload();
      await page.getByRole("heading", { name: "Runs" }).waitFor();
      expect(await steps.count()).toBe(0);
      await whenAwake(page.getByRole("button", { name: "Start run" }));
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Find or do" }).fill("first steps");
      await page.getByRole("option", { name: /Show the first steps/ }).waitFor();
      await page.keyboard.press("Enter");
      await steps.getByText(/^[1-4] of 4$/).waitFor();
      await page.reload();
      await steps.getByText(/^[1-4] of 4$/).waitFor();
      expect(journey.problems).toEqual([]);
    });
  },
);
