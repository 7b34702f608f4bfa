import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

const SENTENCE = "When a support mail comes in, sort it, draft an answer, let me approve, send it";

// Somebody who says what they want, in a real browser.
describe.skipIf(chromiumPath === undefined)(
  `a workflow from a sentence${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let product: Journey["product"];
    let page: Journey["page"];

    beforeAll(async () => {
      journey = await openJourney();
      ({ product, page } = journey);
      await signInAt(journey, "workflows/new");
      await page.getByRole("heading", { name: "New workflow" }).waitFor();
    });
    afterAll(() => journey?.close());

    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const field = () => page.getByLabel("What should it do?");

    test("too much is told at the field, and nothing of it is lost", async () => {
      await whenAwake(page.getByRole("button", { name: /^Blank/ }));
      await field().fill("x".repeat(5_000));
      await press("Control+Enter");
      await page.getByText("Sentence must have at most 4,000 characters").waitFor();
      await expectAccessible(page);
      expect(await field().inputValue()).toHaveLength(5_000);
    });

    test("with the keyboard alone: a sentence, the nearest template to look at, and a workflow", async () => {
      await field().focus();
      await press("Control+a");
      await page.keyboard.type(SENTENCE);
      await press("Tab", "Enter");
      await page.getByText("Nearest template: “Answer mail with approval”. No model is connected.").waitFor();
      await page.locator(".react-flow__node[data-id=review]").waitFor();
      await expectAccessible(page);
      const made = async () =>
        ((await (await product.api("/api/v1/workflows")).json()) as { items: { name: string }[] }).items;
      expect((await made()).map(({ name }) => name)).not.toContain("Answer mail with approval");
      await page.setViewportSize({ width: 390, height: 844 });
      await whenFitting(page);
      await expectAccessible(page);
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.getByRole("button", { name: "Create workflow" }).focus();
      await press("Enter");
      await page.waitForURL(/workflows\/[\da-f-]{36}/);
      await page.locator(".react-flow__node[data-id=send]").waitFor();
      expect((await made()).map(({ name }) => name)).toContain("Answer mail with approval");
    });

    test("a sentence is still there after the page was left, and a draft that is discarded leaves nothing", async () => {
      await page.goto(`${product.url}/harbor-cloud/workflows/new`);
      await whenAwake(page.getByRole("button", { name: /^Blank/ }));
      expect(await field().inputValue()).toBe("");
      await field().fill("Process a list of names in parallel");
      await page.reload();
      await whenAwake(page.getByRole("button", { name: /^Blank/ }));
      await expect.poll(() => field().inputValue()).toBe("Process a list of names in parallel");
      await field().focus();
      await press("Control+Enter");
      await page.getByText("Nearest template: “Answer a list of questions”").waitFor();
      await page.getByRole("button", { name: "Discard" }).focus();
      await press("Enter");
      await page.getByText("Nearest template").waitFor({ state: "detached" });
      expect(await field().inputValue()).toBe("Process a list of names in parallel");
    });

    test("no page has had an error", () => {
      expect(journey.problems.filter((problem) => !problem.includes("422"))).toEqual([]);
    });
  },
);
