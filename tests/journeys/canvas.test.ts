import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake } from "#/tests/support/browser.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

// Somebody who keeps order on a large canvas, in a real browser and without a mouse.
describe.skipIf(chromiumPath === undefined)(
  `the canvas${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
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

    const create = async (name: string, definition: string) => {
      const made = await product.api("/api/v1/workflows", { json: { name, definition } });
      return ((await made.json()) as { id: string }).id;
    };
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const openStudio = async (id: string, step: string) => {
      await page.goto(`${product.url}/harbor-cloud/workflows/${id}`);
      await whenAwake(page.locator(`.react-flow__node[data-id="${step}"]`));
    };

    const LONG = `format: cairn/v1
name: Long
kind: graph
steps:
${Array.from({ length: 150 }, (_, index) => `  s${index}: { type: set, values: { text: "part ${index}" } }`).join("\n")}
  ask: { type: approval, title: "Refund it?" }
  send: { type: tool, tool: http_request, input: { url: "https://refunds.example/(v1.*)" } }
edges:
  - { from: start, to: s0 }
${Array.from({ length: 149 }, (_, index) => `  - { from: s${index}, to: s${index + 1} }`).join("\n")}
  - { from: s149, to: ask }
  - { from: ask, to: send }
  - { from: send, to: end }
`;

    test("steps are found by what they say, with the keyboard alone: next, previous, and the hit is chosen", async () => {
      await page.goto(`${product.url}/harbor-cloud/workflows/${await create("Long", LONG)}`);
      await whenAwake(page.locator(".react-flow__node"));
      await press("/");
      const field = page.getByRole("textbox", { name: "Find on the canvas" });
      await field.and(page.locator(":focus")).waitFor();
      await page.keyboard.type("refund");
      const bar = page.getByRole("search", { name: "Find on the canvas" });
      await bar.getByText("1 of 2").waitFor();
      await page.locator('.react-flow__node[data-id="ask"]').waitFor();
      await bar.getByText("Refund it?").first().waitFor();
      await expectAccessible(page);
      await press("Enter");
      await bar.getByText("2 of 2").waitFor();
      await press("Shift+Enter");
      await bar.getByText("1 of 2").waitFor();
      await field.fill("(v1.*)");
      await bar.getByText("1 of 1").waitFor();
      await field.fill("[a-z");
      await bar.getByText("Nothing found").waitFor();
      await expectAccessible(page);
      await field.fill("part 77");
      await bar.getByText("1 of 1").waitFor();
      await press("Escape");
      await page.locator('.react-flow__node:focus[data-id="s77"]').waitFor();
      const name = page.getByLabel("Properties of S77").getByLabel("Name", { exact: true });
      await name.waitFor();
      await press("e");
      await name.and(page.locator(":focus")).waitFor();
      await press("Escape");
      await page.locator('.react-flow__node:focus[data-id="s77"]').waitFor();
      await press("Control+f");
      await field.and(page.locator(":focus")).waitFor();
      await press("Escape");
      await page.locator('.react-flow__node:focus[data-id="s77"]').waitFor();
    });

    test("while the text cannot be read, what is drawn is found all the same", async () => {
      const id = await create("Unreadable", "kind: graph\nsteps: { only: { type: set } }\n");
      await page.goto(`${product.url}/harbor-cloud/workflows/${id}?tab=yaml`);
      await page.locator('.react-flow__node[data-id="only"]').waitFor();
      const editor = page.getByLabel(/^Definition \(YAML or JSON\)/);
      await editor.click();
      await press("Control+End");
      await page.keyboard.insertText("\n  : : [");
      await page.getByText("The text cannot be read").waitFor();
      await page.locator('.react-flow__node[data-id="only"]').focus();
      await press("/");
      await page.keyboard.type("only");
      const bar = page.getByRole("search", { name: "Find on the canvas" });
      await bar.getByText("1 of 1").waitFor();
      expect(await bar.innerText()).toContain("Only");
    });

    const SHORT = `# ours
format: cairn/v1
name: Short
kind: graph
steps:
  note: { type: set, values: { a: 1 } } # has the name of a note
edges:
  - { from: start, to: note }
  - { from: note, to: end }
`;
    const readDraft = async (id: string) =>
      ((await (await product.api(`/api/v1/workflows/${id}`)).json()) as { draftText: string }).draftText;
    const whenDraft = (id: string, fits: (text: string) => boolean) =>
      eventually(async () => fits(await readDraft(id)) || undefined);

    test("a note is written, coloured, moved, sized, copied, undone and deleted with the keyboard alone, and stands under ui alone", async () => {
      const id = await create("Short", SHORT);
      await openStudio(id, "note");
      await press("Shift+S");
      const text = page.getByLabel("Properties of the note").getByLabel("Text");
      await text.and(page.locator(":focus")).waitFor();
      await page.keyboard.type("# Why\n- ask **Grace**\n[docs](https://docs.example/x)");
      await press("Tab");
      await page.getByLabel("Color").and(page.locator(":focus")).selectOption("amber");
      await press("Tab");
      await page.getByLabel("Width").and(page.locator(":focus")).fill("320");
      await press("Enter");
      await whenDraft(id, (draft) => draft.includes("width: 320"));
      const note = page.locator('.react-flow__node[data-id="note:note"]');
      await note.getByText("Grace").waitFor();
      expect(await note.getByRole("link", { name: "docs" }).getAttribute("href")).toBe(
        "https://docs.example/x",
      );
      await expectAccessible(page);
      const draft = await readDraft(id);
      expect(draft.startsWith(SHORT)).toBe(true);
      expect(draft).toContain("color: amber");
      await note.focus();
      await press("ArrowRight");
      await whenDraft(id, (moved) => moved !== draft);
      await press("Control+z");
      await whenDraft(id, (undone) => undone === draft);
      await press("Control+d");
      const copy = page.locator('.react-flow__node[data-id="note:note2"]');
      await copy.getByText("Grace").waitFor();
      await page.locator('.react-flow__node:focus[data-id="note:note2"]').waitFor();
      await press("Delete");
      await copy.waitFor({ state: "detached" });
      await note.focus();
      await press("Enter");
      await page.getByLabel("Properties of the note").waitFor();
      await press("e");
      await text.and(page.locator(":focus")).waitFor();
      await note.focus();
      await press("Delete");
      await whenDraft(id, (gone) => gone.trimEnd() === SHORT.trimEnd());
    });

    test("a draft with nothing but a new note says that runs do the same, and its note is on the version", async () => {
      const id = await create("Noted", SHORT);
      await product.api(`/api/v1/workflows/${id}/versions`, { json: {} });
      const definition = `${SHORT}ui: { notes: { note: { text: "Only words", x: 0, y: -90 } } }\n`;
      await product.api(`/api/v1/workflows/${id}`, { method: "PATCH", json: { definition } });
      await openStudio(id, "note");
      // Before the draft was looked through the button does nothing.
      await page.getByText("Ready to publish").waitFor();
      await page.getByRole("button", { name: "Publish…" }).focus();
      await press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Runs do the same as before").waitFor();
      await dialog.getByText("Only words").waitFor();
      await expectAccessible(page);
      await dialog.getByRole("button", { name: "Publish", exact: true }).focus();
      await press("Enter");
      await page.getByText("Version 2 published").waitFor();
    });

    test("a note that is too long keeps the draft from being published, and says where", async () => {
      const long = `${SHORT}ui: { notes: { a: { text: ${"x".repeat(100_000)}, x: 0, y: 0 } } }\n`;
      await openStudio(await create("Too long", long), "note");
      await page.getByText("at most 4,000 characters in a note").waitFor();
      const note = page.locator('.react-flow__node[data-id="note:a"]');
      expect((await note.innerText()).length).toBeLessThanOrEqual(4_000);
    });

    test("several steps are put in order with the keyboard alone, and a step by a key stops where it lies with another", async () => {
      const places = "{ start: { x: 3, y: 0 }, note: { x: 16, y: 120 }, end: { x: 300, y: 240 } }";
      const id = await create("Order", `${SHORT}ui: { positions: ${places} }\n`);
      await openStudio(id, "note");
      await page.locator('.react-flow__node[data-id="note"]').focus();
      await press("Enter");
      await page.getByLabel("Properties of Note").waitFor();
      await press("ArrowLeft");
      await whenDraft(id, (draft) => draft.includes("note: { x: 3,"));
      await press("Control+a");
      await page.getByRole("toolbar", { name: "Put in order" }).waitFor();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Align left" }).focus();
      await press("Enter");
      await whenDraft(id, (draft) => draft.includes("end: { x: 3,"));
      await press("Control+z");
      await whenDraft(id, (draft) => draft.includes("end: { x: 300,"));
    });

    const CALLING = `format: cairn/v1
name: Calling
kind: graph
steps:
  each: { type: map, items: [red, green, blue], do: { type: set, values: { text: "It is {{ item }}" } } }
  wide: { type: map, items: [ink, ash], parallel: 1, do: { type: set, values: { text: "It is {{ item }}" } } }
  call: { type: workflow, workflow: Called }
edges:
  - { from: start, to: each }
  - { from: each, to: wide }
  - { from: wide, to: call }
  - { from: call, to: end }
`;

    test("after a try a map counts its items, with and without runs of their own, shows the chosen one's result, and a called workflow leads to its run", async () => {
      const called = await create("Called", SHORT.replace("Short", "Called"));
      await product.api(`/api/v1/workflows/${called}/versions`, { json: {} });
      const id = await create("Calling", CALLING);
      await openStudio(id, "each");
      await page.getByText("Ready to publish").waitFor();
      await press("t");
      await page.getByRole("button", { name: "Try it", exact: true }).focus();
      await press("Enter");
      await page.getByLabel("Try", { exact: true }).getByText("Succeeded").waitFor();
      const frame = page.locator('.react-flow__node[data-id="each"]');
      await frame.getByText("3 of 3 done").waitFor();
      const inside = page.locator('.react-flow__node[data-id="each/each"]');
      await inside.getByText("It is red").waitFor();
      await frame.getByLabel("Item that is shown").selectOption({ label: "2 · Succeeded" });
      await inside.getByText("It is green").waitFor();
      const wide = page.locator('.react-flow__node[data-id="wide"]');
      await wide.getByText("2 of 2 done").waitFor();
      await page.locator('.react-flow__node[data-id="wide/wide"]').getByText("It is ink").waitFor();
      await wide.getByRole("link", { name: "Open run: Item 1" }).waitFor();
      await expectAccessible(page);
      await page.getByRole("link", { name: "Open run: Called: succeeded" }).focus();
      await press("Enter");
      await page.waitForURL(/runs\/[\da-f-]{36}/);
      await page.goto(`${product.url}/harbor-cloud/runs`);
    });

    test("nothing prints an error", () => {
      expect(journey.problems).toEqual([]);
    });
  },
);
