import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, openVisit, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { failing, reviewed } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

// Somebody who is asked, with an account and without one, in a real browser.
describe.skipIf(chromiumPath === undefined)(
  `the inbox${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let product: Journey["product"];
    let browser: Journey["browser"];
    let page: Journey["page"];

    beforeAll(async () => {
      journey = await openJourney();
      ({ product, browser, page } = journey);
      await signInAt(journey, "inbox");
      await page.getByRole("heading", { name: "Inbox" }).waitFor();
    });
    afterAll(() => journey?.close());

    const read = async (path: string) => (await product.api(path)).json();
    let made = 0;
    /** Runs a workflow of its own until it stands so. */
    const makeRun = async (definition: { readonly name: string }, status: string) => {
      made += 1;
      const make = async (path: string, json: unknown) =>
        (await (await product.api(path, { json })).json()) as { readonly id: string };
      const workflow = await make("/api/v1/workflows", { name: `${definition.name} ${made}`, definition });
      await product.api(`/api/v1/workflows/${workflow.id}/versions`, { method: "POST" });
      const { id } = await make(`/api/v1/workflows/${workflow.id}/runs`, { input: {} });
      await eventually(
        async () => ((await read(`/api/v1/runs/${id}`)) as { status: string }).status === status || undefined,
      );
      return id;
    };
    const ask = (title: string) => ({
      ...reviewed,
      steps: { ...reviewed.steps, review: { ...reviewed.steps.review, title } },
    });
    const whenAsked = (title: string) => page.getByRole("article", { name: `Approval: ${title}` }).waitFor();
    const line = (words: string | RegExp) =>
      page.getByRole("list", { name: "Waiting for a person" }).getByRole("button", { name: words });

    test("keys alone: J and K move, E edits, A approves, R rejects, and a failed run is dismissed", async () => {
      const failed = await makeRun(failing, "failed");
      const second = await makeRun(ask("Publish the second?"), "waiting");
      const first = await makeRun(ask("Publish the first?"), "waiting");
      await page.goto(`${product.url}/harbor-cloud/inbox`);
      await whenAwake(line("Publish the first?"));
      // What decides itself stands above: the sample run's question.
      await line("Publish the first?").click();
      await whenAsked("Publish the first?");
      await page.keyboard.press("j");
      await whenAsked("Publish the second?");
      await page.keyboard.press("k");
      await whenAsked("Publish the first?");
      await expectAccessible(page);
      await page.keyboard.press("e");
      const note = page.getByRole("textbox", { name: "Note" });
      await note.and(page.locator(":focus")).fill('{"text": "by keys"}');
      await page.locator("del").first().waitFor();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.keyboard.press("a");
      await whenAsked("Publish the second?");
      await eventually(
        async () =>
          ((await read(`/api/v1/runs/${first}`)) as { status: string }).status === "succeeded" || undefined,
      );
      expect(await read(`/api/v1/runs/${first}`)).toMatchObject({ output: { note: { text: "by keys" } } });
      await page.keyboard.press("r");
      await page.getByRole("article", { name: /^Failed run of Failing/ }).waitFor();
      const [decided] = ((await read(`/api/v1/approvals?run=${second}`)) as { items: { action: string }[] })
        .items;
      expect(decided?.action).toBe("reject");
      await expectAccessible(page);
      await page.keyboard.press("r");
      await page.getByRole("article", { name: /^Failed run of Failing/ }).waitFor({ state: "detached" });
      const { items } = (await read("/api/v1/inbox")) as { items: { id: string }[] };
      expect(items.map(({ id }) => id)).not.toContain(failed);
    });

    test.each([
      { device: "phone", size: { width: 390, height: 844 } },
      { device: "tablet", size: { width: 768, height: 1024 } },
    ])(
      "on a $device the list leads to the item, which has the page to itself, and back",
      async ({ device, size }) => {
        const title = `Publish it from a ${device}?`;
        await makeRun(ask(title), "waiting");
        await page.setViewportSize(size);
        await page.goto(`${product.url}/harbor-cloud/inbox`);
        await whenAwake(line(title));
        await whenFitting(page);
        await expectAccessible(page);
        await line(title).click();
        await whenAsked(title);
        await whenFitting(page);
        expect((await page.getByRole("article").boundingBox())?.width).toBeGreaterThan(size.width - 100);
        await expectAccessible(page);
        await page.getByRole("button", { name: "Inbox", exact: true }).click();
        await line(title).waitFor();
        await page.setViewportSize({ width: 1440, height: 900 });
      },
    );

    test("somebody without an account sees who asks and what each answer does, answers once, and then sees that", async () => {
      const id = await makeRun(ask("Publish it by a link?"), "waiting");
      const [open] = ((await read(`/api/v1/approvals?run=${id}`)) as { items: { id: string }[] }).items;
      const link = await product.api(`/api/v1/approvals/${open?.id}/link`, { json: {} });
      const { url } = (await link.json()) as { url: string };
      const visit = await openVisit(browser, { width: 390, height: 844 });
      const guest = await visit.newPage();
      guest.setDefaultTimeout(20_000);
      await guest.goto(url);
      await guest.getByText("asks you to decide").waitFor();
      await guest.getByText("The run goes on with what is shown here.").waitFor();
      await guest
        .getByText(/Open until/)
        .filter({ visible: true })
        .waitFor();
      await whenFitting(guest);
      await expectAccessible(guest);
      await guest.setViewportSize({ width: 1440, height: 900 });
      await expectAccessible(guest);
      const approve = guest.getByRole("button", { name: "Approve", exact: true });
      await whenAwake(approve);
      await approve.click();
      await guest.getByText("decision has been recorded").waitFor();
      await guest.goto(url);
      await guest.getByText("Already answered: approved").waitFor();
      await guest.goto(`${url.slice(0, -4)}AAAA`);
      await guest.getByText("This link is no longer valid").waitFor();
      await expectAccessible(guest);
      await visit.close();
    });

    test("nothing went wrong on any page", () => {
      expect(journey.problems).toEqual([]);
    });
  },
);
