import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

// Somebody who builds workflows, in a real browser.
describe.skipIf(chromiumPath === undefined)(
  `the studio${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
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

    const readDraft = async (id: string) =>
      ((await (await product.api(`/api/v1/workflows/${id}`)).json()) as { draftText: string }).draftText;
    const create = async (name: string, definition: string) => {
      const made = await product.api("/api/v1/workflows", { json: { name, definition } });
      return ((await made.json()) as { id: string }).id;
    };
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const whenFocused = (name: string) =>
      page.locator(`.react-flow__node:focus[data-id="${name}"]`).waitFor();
    /** N, the name of a type of step, Enter: the new step is chosen, and the next one stands behind it. */
    const addStep = async (words: string, name: string) => {
      await press("n");
      await page.getByLabel("Add a step").and(page.locator(":focus")).waitFor();
      await page.keyboard.type(words);
      await press("Enter");
      await whenFocused(name);
    };

    test("five steps with an approval are built, published and run with the keyboard alone", async () => {
      const blank = page.getByRole("button", { name: /^Blank/ });
      await whenAwake(blank);
      await blank.focus();
      await press("Enter");
      await page.waitForURL(/workflows\/[\da-f-]{36}/);
      const id = /workflows\/([\da-f-]{36})/.exec(page.url())?.[1] ?? "";
      await page.locator(".react-flow__node[data-id=answer]").waitFor();
      await addStep("search", "search");
      await addStep("approval", "approval");
      await press("e");
      await page.getByLabel("Name", { exact: true }).and(page.locator(":focus")).waitFor();
      await press("Tab");
      await page.getByLabel("Title", { exact: true }).and(page.locator(":focus")).fill("Shall it go out?");
      await press("Enter", "Escape");
      await expectAccessible(page);
      await page.locator(".react-flow__node[data-id=approval]").focus();
      await press("Enter");
      await addStep("set", "set");
      await addStep("code", "code");
      await eventually(async () => (await readDraft(id)).includes("Shall it go out?") || undefined);
      await page.getByText("Ready to publish").waitFor();
      const publish = page.getByRole("button", { name: "Publish…" });
      await publish.focus();
      await press("Enter");
      const confirm = page.getByRole("button", { name: "Publish", exact: true });
      await confirm.focus();
      await press("Enter");
      await page.getByText("Published v1").waitFor();
      const started = await product.api(`/api/v1/workflows/${id}/runs`, { json: { input: {} } });
      const run = (await started.json()) as { id: string };
      await page.goto(`${product.url}/harbor-cloud/runs/${run.id}`);
      const approve = page.getByRole("button", { name: "Approve", exact: true });
      await approve.waitFor();
      await whenAwake(page.getByRole("button", { name: "Graph", exact: true }));
      await page.getByRole("button", { name: "Graph", exact: true }).focus();
      await press("Enter");
      await page.getByLabel("Graph of this run").getByText("Code").waitFor();
      await expectAccessible(page);
      await eventually(async () => {
        // It is gone as soon as the decision is there, which may be between the two.
        if ((await approve.count()) > 0) await approve.focus({ timeout: 500 }).catch(() => undefined);
        await press("Enter");
        const now = (await (await product.api(`/api/v1/runs/${run.id}`)).json()) as { status: string };
        return now.status === "succeeded" || undefined;
      });
    });

    const ASKED = `format: cairn/v1
name: Greeting
kind: graph
input: { type: object, required: [who], properties: { who: { type: string, examples: [Ada] } } }
steps:
  greet: { type: set, values: { text: "Hello {{ input.who }}" } }
  ask: { type: approval, title: Send it?, show: "{{ state.greet.text }}" }
edges:
  - { from: start, to: greet }
  - { from: greet, to: ask }
  - { from: ask, to: end }
output: { text: "{{ state.greet.text }}" }
`;

    test("a draft is tried with the keyboard alone: an input, a question, the results on its steps, and nothing is published", async () => {
      const id = await create("Greeting", ASKED);
      await page.goto(`${product.url}/harbor-cloud/workflows/${id}`);
      await page.locator(".react-flow__node[data-id=greet]").waitFor();
      await press("t");
      const who = page.getByLabel("Who");
      await who.waitFor();
      expect(await who.inputValue()).toBe("Ada");
      await who.focus();
      await press("Control+a");
      await page.keyboard.type("Grace");
      await expectAccessible(page);
      await press("Enter");
      await page.getByLabel("Greet, set, Succeeded").getByText("Hello Grace").waitFor();
      await page.getByLabel("Send it?, approval, Waiting").waitFor();
      const approve = page.getByRole("button", { name: "Approve", exact: true });
      await approve.focus();
      await expectAccessible(page);
      await press("Enter");
      const bar = page.getByLabel("Try", { exact: true });
      await bar.getByText("Succeeded").waitFor();
      await page.getByLabel("Send it?, approval, Succeeded").waitFor();
      await page.locator(".react-flow__node[data-id=greet]").focus();
      await press("Enter");
      await page.getByRole("tab", { name: "Last try" }).focus();
      await press("Enter");
      await page.getByRole("link", { name: "Open in the run" }).waitFor();
      await expectAccessible(page);
      await page.reload();
      await page.getByLabel("Greet, set, Succeeded").getByText("Hello Grace").waitFor();
      await press("t");
      await page.getByText("the last input that was tried").waitFor();
      expect(await who.inputValue()).toBe("Grace");
      await press("Escape");
      await bar.getByRole("link", { name: "Open run" }).click();
      await page.getByText("Try", { exact: true }).waitFor();
      const workflow = await (await product.api(`/api/v1/workflows/${id}`)).json();
      expect(workflow).toMatchObject({ publishedVersion: null });
      const runs = (await (await product.api(`/api/v1/runs?workflow=${id}&try=true`)).json()) as {
        items: unknown[];
      };
      expect(runs.items).toMatchObject([{ status: "succeeded", try: true, version: null }]);
    });

    const UNASKED = ASKED.replace(
      "{ type: approval, title: Send it?, show: ",
      "{ type: set, values: { text: ",
    ).replace('}}" }\nedges', '}}!" } }\nedges');

    test("an output is pinned with the keyboard alone: the step is not run, a reload keeps it, and unpinned it runs again", async () => {
      const id = await create("Pinned", UNASKED);
      await page.goto(`${product.url}/harbor-cloud/workflows/${id}`);
      const node = page.locator(".react-flow__node[data-id=greet]");
      await node.focus();
      await press("Enter");
      const pin = page.getByRole("button", { name: "Pin output…" });
      await pin.focus();
      await press("Enter");
      const output = page.getByLabel("Output, as JSON");
      await output.fill("{ text");
      await page.getByRole("button", { name: "Pin", exact: true }).focus();
      await press("Enter");
      await page.getByText("Not valid JSON. Put text in quotes.").waitFor();
      await expectAccessible(page);
      await output.fill('{ "text": "Kept" }');
      await page.getByRole("button", { name: "Pin", exact: true }).focus();
      await press("Enter");
      await node.getByText("Pinned · Kept").waitFor();
      await page.reload();
      await node.getByText("Pinned · Kept").waitFor();
      await press("t");
      await page.getByText("Pinned, so not run: greet.").waitFor();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Try it", exact: true }).focus();
      await press("Enter");
      await page.getByLabel("Ask, set, Succeeded").getByText("Kept!").waitFor();
      await page.getByLabel("Try", { exact: true }).getByText("Succeeded").waitFor();
      await press("t");
      await page.getByRole("button", { name: "Unpin all" }).focus();
      await press("Enter");
      await page.getByRole("button", { name: "Try it", exact: true }).focus();
      await press("Enter");
      await page.getByLabel("Greet, set, Succeeded").getByText("Hello Ada").waitFor();
    });

    test("one step is tried alone on chosen values, and the draft goes on from a step of a real run, with the keyboard alone", async () => {
      const id = await create("Parts", UNASKED);
      await product.api(`/api/v1/workflows/${id}/versions`, { json: {} });
      const started = await product.api(`/api/v1/workflows/${id}/runs?wait=30`, {
        json: { input: { who: "Ada" } },
      });
      const real = (await started.json()) as { id: string };
      await page.goto(`${product.url}/harbor-cloud/runs/${real.id}`);
      const toStudio = page.getByRole("link", { name: "Open in studio" });
      await toStudio.focus();
      await press("Enter");
      await page.getByLabel("Ask, set, Succeeded").getByText("Hello Ada!").waitFor();
      const node = page.locator(".react-flow__node[data-id=ask]");
      await node.focus();
      await press("Enter");
      const alone = page.getByRole("button", { name: "Run this step…" });
      await alone.focus();
      await press("Enter");
      const state = page.getByLabel("greet", { exact: true });
      await state.fill('{ "text": "Bye Ada" }');
      await expectAccessible(page);
      await page.getByRole("button", { name: "Run this step", exact: true }).focus();
      await press("Enter");
      await page.getByLabel("Ask, set, Succeeded").getByText("Bye Ada!").waitFor();
      await page.goto(`${product.url}/harbor-cloud/workflows/${id}?try=${real.id}`);
      await page.getByLabel("Ask, set, Succeeded").getByText("Hello Ada!").waitFor();
      await node.focus();
      await press("Enter");
      const onwards = page.getByRole("button", { name: "Run from here" });
      await onwards.focus();
      await press("Enter");
      await page.waitForURL((url) => url.searchParams.get("try") !== real.id);
      await page.getByLabel("Try", { exact: true }).getByText("Succeeded").waitFor();
      const runs = (await (await product.api(`/api/v1/runs?workflow=${id}&try=true`)).json()) as {
        items: unknown[];
      };
      expect(runs.items).toMatchObject([
        { status: "succeeded", forkedFrom: real.id },
        { status: "succeeded", forkedFrom: null },
      ]);
    });

    const DEAR = `format: cairn/v1
name: Dear
kind: graph
input: { type: object, properties: { who: { type: string } } }
steps:
  greet: { type: llm, prompt: "Greet {{ input.who }}" }
edges:
  - { from: start, to: greet }
  - { from: greet, to: end }
`;

    test("where the workspace asks before dear runs, one step and the rest from a step ask as well", async () => {
      const change = async (path: string, method: string, json: object) => {
        const { ok } = await product.api(path, { method, json });
        expect(ok).toBe(true);
      };
      await change("/api/v1/prices", "PUT", {
        model: "local-extractive-1",
        since: "2026-01-01",
        input: 5_000,
        output: 5_000,
      });
      const id = await create("Dear", DEAR);
      await product.api(`/api/v1/workflows/${id}/versions`, { json: {} });
      const run = await product.api(`/api/v1/workflows/${id}/runs?wait=30`, {
        json: { input: { who: "Ada" } },
      });
      const { id: real } = (await run.json()) as { id: string };
      await change("/api/v1/limits", "PATCH", { askAboveUsd: 0.01 });
      await page.goto(`${product.url}/harbor-cloud/workflows/${id}?try=${real}`);
      const node = page.locator(".react-flow__node[data-id=greet]");
      await node.waitFor();
      await node.focus();
      await press("Enter");
      const onwards = page.getByRole("button", { name: "Run from here" });
      const agree = page.getByRole("checkbox", { name: "Start all the same" });
      await agree.waitFor();
      expect(await onwards.isDisabled()).toBe(true);
      await expectAccessible(page);
      await page.getByRole("button", { name: "Run this step…" }).focus();
      await press("Enter");
      const alone = page.getByRole("dialog").getByRole("button", { name: "Run this step", exact: true });
      await alone.waitFor();
      expect(await alone.isDisabled()).toBe(true);
      await page.getByRole("dialog").getByRole("checkbox", { name: "Start all the same" }).check();
      await alone.focus();
      await press("Enter");
      await page.getByLabel("Try", { exact: true }).getByText("Succeeded").waitFor();
      await change("/api/v1/limits", "PATCH", { askAboveUsd: null });
    });

    test("a draft with a problem is not tried: the key leads to the problem", async () => {
      const id = await create("Broken", ASKED.replace("{{ input.who }}", "{{ state.nobody }}"));
      await page.goto(`${product.url}/harbor-cloud/workflows/${id}`);
      await page.getByText("1 problem").waitFor();
      await press("t");
      await page.getByText("A problem keeps the draft from being run").waitFor();
      await page.getByLabel("Properties of Greet").waitFor();
      expect(await page.getByRole("dialog").count()).toBe(0);
    });

    const COMMENTED = `# ours
format: cairn/v1
name: Notes
kind: graph
steps:
  first: { type: set, values: { a: 1 } } # stays
edges:
  - { from: start, to: first }
  - { from: first, to: end }
`;

    test("canvas and text are one document: what one changes the other shows, comments stay, and undo goes back", async () => {
      const id = await create("Notes", COMMENTED);
      await page.goto(`${product.url}/harbor-cloud/workflows/${id}`);
      await page.locator(".react-flow__node[data-id=first]").click();
      await addStep("wait", "wait");
      await eventually(async () => (await readDraft(id)).includes("type: wait") || undefined);
      expect(await readDraft(id)).toContain("# stays");
      await press("Control+z");
      await eventually(async () => (await readDraft(id)) === COMMENTED || undefined);
      await page.getByRole("button", { name: "YAML" }).click();
      const editor = page.getByLabel(/^Definition \(YAML or JSON\)/);
      await editor.click();
      await press("Control+a");
      await page.keyboard.insertText(COMMENTED.replace("set, values: { a: 1 }", "sett"));
      await page.getByText("1 problem").waitFor();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(COMMENTED.replaceAll("first", "second"));
      await page.locator(".react-flow__node[data-id=second]").waitFor();
      await expectAccessible(page);
    });

    test("what is not saved outlives a link, and another tab's draft is merged or chosen, never overwritten", async () => {
      const id = await create("Tabs", COMMENTED.replace("Notes", "Tabs"));
      await page.goto(`${product.url}/harbor-cloud/workflows/${id}?tab=yaml`);
      const editor = page.getByLabel(/^Definition \(YAML or JSON\)/);
      await editor.click();
      await press("Control+a");
      await page.keyboard.insertText(COMMENTED.replace("# ours", "# mine"));
      await page.getByRole("link", { name: "Workflows" }).click();
      await page.getByRole("heading", { name: "Workflows" }).waitFor();
      await page.goBack();
      await eventually(async () => (await readDraft(id)).startsWith("# mine") || undefined);
      // Theirs is stored while ours is on its way: ours is refused, whenever the page itself reads again.
      const address = new RegExp(`/api/v1/workflows/${id}$`);
      const definition = COMMENTED.replace("a: 1", "a: 2");
      await page.route(address, async (route) => {
        const isSave = route.request().method() === "PATCH";
        if (isSave) await product.api(`/api/v1/workflows/${id}`, { method: "PATCH", json: { definition } });
        await route.continue();
      });
      await editor.click();
      await press("Control+a");
      await page.keyboard.insertText(COMMENTED.replace("a: 1", "a: 3"));
      await page.getByText("was changed by someone else").waitFor();
      expect(await readDraft(id)).toContain("a: 2");
      // A browser notes every refusal; this one is what the test is about.
      await eventually(() => journey.problems.some((text) => text.includes("409")) || undefined);
      await page.unroute(address);
      expect(journey.problems.splice(0)).toHaveLength(1);
      await expectAccessible(page);
      await page.getByLabel(/^Whose change of Step “First”/).selectOption("mine");
      await page.getByRole("button", { name: "Merge both" }).click();
      await eventually(async () => (await readDraft(id)).includes("a: 3") || undefined);
    });

    test("a save that was under way when the page was left is not somebody else's change", async () => {
      const id = await create("Away", COMMENTED.replace("Notes", "Away"));
      await page.goto(`${product.url}/harbor-cloud/workflows/${id}?tab=yaml`);
      const editor = page.getByLabel(/^Definition \(YAML or JSON\)/);
      const [isSent, isLeft] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const saves: string[] = [];
      await page.route(new RegExp(`/api/v1/workflows/${id}$`), async (route) => {
        if (route.request().method() !== "PATCH") return route.continue();
        saves.push(route.request().postData() ?? "");
        isSent.resolve();
        if (saves.length === 1) await isLeft.promise;
        await route.continue();
      });
      await editor.click();
      await press("Control+a");
      await page.keyboard.insertText(COMMENTED.replace("# ours", "# mine"));
      await isSent.promise;
      await page.getByRole("link", { name: "Workflows" }).click();
      await page.getByRole("heading", { name: "Workflows" }).waitFor();
      await page.goBack();
      await editor.getByText("# mine").waitFor();
      await editor.click();
      await press("Control+a");
      await page.keyboard.insertText(COMMENTED.replace("a: 1", "a: 3"));
      isLeft.resolve();
      await eventually(async () => (await readDraft(id)).includes("a: 3") || undefined);
      await page.getByText("Saved", { exact: true }).waitFor();
      expect(await page.getByText("was changed by someone else").count()).toBe(0);
      await page.unrouteAll();
      // A save may have met the one before it, which a browser notes.
      journey.problems.splice(0);
      expect(saves.length).toBeGreaterThan(1);
    });

    test("it fits 390 px, and prints no error", async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByRole("button", { name: "Canvas" }).click();
      await page.locator(".react-flow__node[data-id=first]").waitFor();
      await whenFitting(page);
      await expectAccessible(page);
      expect(journey.problems).toEqual([]);
    });
  },
);
