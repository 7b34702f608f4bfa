import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake } from "#/tests/support/browser.ts";
import { chain, inARow, set } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

const items = {
  note: set("a draft"),
  ask: { type: "approval", title: "Is this item right?" },
  last: set("done"),
};
/** A run for each item of a list, each of which asks. */
const asking = chain(
  {
    each: {
      type: "map",
      items: "{{ input.list }}",
      do: { steps: items, edges: inARow(...Object.keys(items)) },
    },
  },
  { input: { type: "object", properties: { list: { type: "array" } } } },
);

// Somebody who looks at a run while it happens.
describe.skipIf(chromiumPath === undefined)(
  `a run's page${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
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

    const read = async (path: string) => (await product.api(path)).json();
    const make = async (path: string, json: unknown) =>
      (await (await product.api(path, { json })).json()) as { readonly id: string };
    const startRun = async (name: string) => {
      const workflow = await make("/api/v1/workflows", { name, definition: asking });
      await product.api(`/api/v1/workflows/${workflow.id}/versions`, { method: "POST" });
      return make(`/api/v1/workflows/${workflow.id}/runs`, { input: { list: ["a", "b", "c"] } });
    };
    /** The questions of the runs below a run, once there are so many. */
    const whenAsked = (runId: string, count: number) =>
      eventually(async () => {
        const { items: asked } = (await read(`/api/v1/approvals?family=${runId}&status=open`)) as {
          items: { id: string; runId: string }[];
        };
        return asked.length === count ? asked : undefined;
      });

    test("shows what the runs below it do as it happens, nested, and asks for none of them again and again", async () => {
      const { id } = await startRun("Asks for each");
      const asked = await whenAsked(id, 3);
      const { items: started } = (await read(`/api/v1/runs?parent=${id}`)) as {
        items: { id: string; part: { index: number } }[];
      };
      const first = started.find(({ part }) => part.index === 0)?.id;
      const logReads = new Map<string, number>();
      page.on("request", (request) => {
        const { pathname } = new URL(request.url());
        if (pathname.endsWith("/steps")) logReads.set(pathname, (logReads.get(pathname) ?? 0) + 1);
      });
      await page.goto(`${product.url}/harbor-cloud/runs/${id}`);
      const line = (name: RegExp) => page.getByRole("treeitem", { name });
      await whenAwake(line(/^Item 1/));
      await line(/^Item 1/).click();
      await page.keyboard.press("ArrowRight");
      const inside = (name: RegExp) => page.getByRole("treeitem", { level: 3, name });
      await inside(/^Is this item right\?.*Waiting/).waitFor();
      await inside(/^Last.*Pending/).waitFor();
      await expectAccessible(page);
      const question = asked.find(({ runId }) => runId === first)?.id;
      await product.api(`/api/v1/approvals/${question}/decision`, { json: { action: "approve" } });
      await inside(/^Is this item right\?.*Succeeded/).waitFor();
      await inside(/^Last.*Succeeded/).waitFor();
      await line(/^Item 1.*Succeeded/).waitFor();
      expect([...logReads]).toEqual([[`/api/v1/runs/${first}/steps`, 1]]);
      // The other two go on, and end it.
      for (const { id: other } of asked.filter(({ runId }) => runId !== first))
        await product.api(`/api/v1/approvals/${other}/decision`, { json: { action: "approve" } });
      await line(/^Item 3.*Succeeded/).waitFor();
      await line(/^Each.*Succeeded/).waitFor();
      expect([...logReads]).toEqual([[`/api/v1/runs/${first}/steps`, 1]]);
    });

    test("says in words why the server refuses its stream, and no more once it is open", async () => {
      const { id } = await startRun("Asks unseen");
      const stream = `**/api/v1/runs/${id}/events*`;
      const problem = { code: "rate-limited", status: 429, detail: "Too many event streams were opened." };
      await page.route(stream, (route) =>
        route.fulfill({ status: 429, contentType: "application/problem+json", json: problem }),
      );
      await page.goto(`${product.url}/harbor-cloud/runs/${id}`);
      const told = page.getByRole("note").filter({ hasText: "This page is not up to date" });
      await told.getByText(problem.detail).waitFor();
      await expectAccessible(page);
      await page.unroute(stream);
      await told.waitFor({ state: "detached" });
      // A browser notes every refusal; these are what the test is about.
      expect(journey.problems.splice(0).filter((text) => !text.includes("429"))).toEqual([]);
    });

    test("nothing went wrong on any page", () => {
      expect(journey.problems).toEqual([]);
    });
  },
);
