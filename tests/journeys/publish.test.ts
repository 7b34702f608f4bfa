import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenFitting } from "#/tests/support/browser.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

const STEPS = `format: cairn/v1
name: Reply
kind: graph
input: { type: object, properties: { question: { type: string } } }
steps:
  find: { type: set, values: { passages: [one, two] } }
`;
const BEFORE = `${STEPS}  draft: { type: set, values: { text: "{{ input.question }}" } }
edges:
  - { from: start, to: find }
  - { from: find, to: draft }
  - { from: draft, to: end }
`;
const AFTER = `${STEPS}  look: { type: search, query: "{{ input.question }}" }
  page: { type: http, url: "https://example.com/news" }
  send: { type: http, method: POST, url: "https://example.com/out" }
edges:
  - { from: start, to: find }
  - { from: find, to: look }
  - { from: look, to: page }
  - { from: page, to: send }
  - { from: send, to: end }
`;

// Somebody who changes what runs, in a real browser.
describe.skipIf(chromiumPath === undefined)(
  `publishing${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let id: string;

    beforeAll(async () => {
      journey = await openJourney();
      const { product } = journey;
      const made = await product.api("/api/v1/workflows", { json: { name: "Reply", definition: BEFORE } });
      ({ id } = (await made.json()) as { id: string });
      await product.api(`/api/v1/workflows/${id}/versions`, { json: {} });
      const runs = `/api/v1/workflows/${id}/runs?wait=30`;
      await product.api(runs, { json: { input: { question: "What is tea?" } } });
      await signInAt(journey, `workflows/${id}`);
    });
    afterAll(() => journey?.close());

    test("a draft that says the same cannot be published, and the window says why", async () => {
      const { page } = journey;
      await page.getByRole("button", { name: "Publish…" }).click();
      await page.getByText("There is nothing to publish").waitFor();
      expect(await page.getByRole("button", { name: "Publish", exact: true }).isDisabled()).toBe(true);
      await page.getByRole("button", { name: "Close", exact: true }).click();
    });

    test("the canvas shows what has changed, also on a phone, and an unsafe path is told and needs a reason", async () => {
      const { page, product } = journey;
      await product.api(`/api/v1/workflows/${id}`, { method: "PATCH", json: { definition: AFTER } });
      await page.reload();
      await page.getByRole("button", { name: "Publish…" }).click();
      const picture = page.getByLabel("Changes of this draft");
      await picture.getByRole("group", { name: /^Look, search, added/ }).waitFor();
      await picture.getByRole("group", { name: /^Draft, set, removed/ }).waitFor();
      await picture
        .getByRole("group", { name: /Send, http, added, problem: Acts without an approval/ })
        .waitFor();
      const path = page.getByRole("list", { name: "Path" });
      expect(await path.innerText()).toMatch(/look\s*→\s*page\s*→\s*send/);
      await page.locator("summary", { hasText: "Step draft" }).focus();
      await page.keyboard.press("Enter");
      await page.getByText("{{ input.question }}").first().waitFor();
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await whenFitting(page);
      await expectAccessible(page);
      await page.setViewportSize({ width: 1440, height: 900 });
      const anyway = page.getByRole("button", { name: "Publish anyway" });
      expect(await anyway.isDisabled()).toBe(true);
      await page.getByLabel("Publish it anyway, because").fill("It sends to a server of our own.");
      await anyway.click();
      await page.getByText("Published v2").waitFor();
    });

    test("a field completes what there is at its step, with type and the value of the last run", async () => {
      const { page } = journey;
      await page.locator(".react-flow__node[data-id=look]").click();
      const query = page.getByRole("complementary", { name: "Properties of Look" }).getByLabel("Query");
      await query.fill("");
      await query.pressSequentially("About {{ sta");
      const offered = page.getByRole("listbox", { name: "Values at this step" });
      await offered
        .getByRole("option", { name: /state\.find\.passages.*array.*last: \["one","two"\]/ })
        .waitFor();
      expect(await offered.innerText()).not.toContain("state.send");
      await expectAccessible(page);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      expect(await query.inputValue()).toBe("About {{ state.find.passages");
      expect(journey.problems).toEqual([]);
    });
  },
);
