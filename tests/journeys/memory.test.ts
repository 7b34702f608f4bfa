import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake } from "#/tests/support/browser.ts";
import { chain } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

/** An agent that remembers each customer by themselves. */
const support = chain(
  {
    reply: {
      type: "agent",
      role: "Support",
      goal: "Answer the customer",
      prompt: "{{ input.question }}",
      memory: { key: "{{ input.customer }}" },
    },
  },
  { input: { type: "object", properties: { customer: { type: "string" }, question: { type: "string" } } } },
);

interface LogLine {
  readonly input: { readonly tool?: string } | null;
  readonly output: { readonly recalled?: readonly { readonly text: string }[] } | null;
}

// Somebody who looks at what agents have learned, corrects it, and has a customer forgotten.
describe.skipIf(chromiumPath === undefined)(
  `memory${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let product: Journey["product"];
    let page: Journey["page"];
    let workflow: string;
    beforeAll(async () => {
      journey = await openJourney();
      ({ product, page } = journey);
      const made = await product.api("/api/v1/workflows", {
        json: { name: "Support with a memory", definition: support },
      });
      ({ id: workflow } = (await made.json()) as { id: string });
      await product.api(`/api/v1/workflows/${workflow}/versions`, { method: "POST" });
      await signInAt(journey, "memory");
      await page.getByRole("heading", { level: 1, name: "Memory" }).waitFor();
    });
    afterAll(() => journey?.close());

    /** Runs the agent for a customer. @returns what it was told of earlier runs */
    const ask = async (customer: string, question: string) => {
      const path = `/api/v1/workflows/${workflow}/runs`;
      const started = await product.api(path, { json: { input: { customer, question } } });
      const { id } = (await started.json()) as { id: string };
      await eventually(async () => {
        const { status } = (await (await product.api(`/api/v1/runs/${id}`)).json()) as { status: string };
        return status === "succeeded" ? true : undefined;
      });
      const log = await product.api(`/api/v1/runs/${id}/steps`);
      const { items } = (await log.json()) as { items: readonly LogLine[] };
      return items.flatMap(({ output }) => output?.recalled ?? []).map(({ text }) => text);
    };
    const facts = () => page.getByRole("region", { name: "Memory" }).getByRole("listitem");

    test("what a run has learned of a customer is corrected by keys alone, and the next run is told what stands then", async () => {
      await page.getByText("Nothing is remembered yet").waitFor();
      expect(await ask("ada", "My parrot is called Coco.")).toEqual([]);
      expect(await ask("ben", "My ship is called Aurora.")).toEqual([]);
      await page.reload();
      const edit = facts().getByRole("button", { name: /^Edit: .*Coco/ });
      await whenAwake(edit);
      await expectAccessible(page);
      await edit.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Edit fact" }).waitFor();
      await expectAccessible(page);
      const text = page.getByLabel("Fact", { exact: true });
      await text.focus();
      await page.keyboard.press("Control+a");
      await page.keyboard.type("The parrot of Ada is called Kiwi.");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await facts().getByText("The parrot of Ada is called Kiwi.").waitFor();
      const told = await ask("ada", "What is my parrot called?");
      expect(told).toContain("The parrot of Ada is called Kiwi.");
      expect(told.join(" ")).not.toMatch(/Coco|Aurora/);
    });

    test("whoever is to be forgotten is forgotten by their key, and nobody else; the next run is told nothing", async () => {
      await page.reload();
      const forget = page.getByRole("button", { name: "Forget somebody" });
      await whenAwake(forget);
      await forget.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Forget somebody" }).waitFor();
      await expectAccessible(page);
      await page.getByLabel("Key", { exact: true }).focus();
      await page.keyboard.type("ada");
      await page.keyboard.press("Enter");
      await page.getByText(/facts? (is|are) deleted/).waitFor();
      await facts().filter({ hasText: "Kiwi" }).waitFor({ state: "detached" });
      await facts().filter({ hasText: "Aurora" }).first().waitFor();
      expect(await ask("ada", "What is my parrot called?")).toEqual([]);
      expect((await ask("ben", "What is my ship called?")).join(" ")).toContain("Aurora");
    });

    test("no page had an error", () => {
      expect(journey.problems).toEqual([]);
    });
  },
);
