import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, findLoose, measureShift, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { reviewed, surveyed } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Journey, openJourney } from "#/tests/support/journey.ts";

const PAGES = [
  "runs",
  "inbox",
  "workflows",
  "workflows/new",
  "knowledge",
  "memory",
  "tools",
  "skills",
  "mcp",
  "triggers",
  "settings",
];
/** Of the window, times the way it went. Below a tenth browsers call it good; a page of ours that is right stays below a thousandth. */
const NOTICED_SHIFT = 0.02;

// A newcomer in a real browser, from the first page to the cited result.
describe.skipIf(chromiumPath === undefined)(
  `in a browser${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let product: Journey["product"];
    let page: Journey["page"];

    beforeAll(async () => {
      journey = await openJourney();
      ({ product, page } = journey);
    });
    afterAll(() => journey?.close());

    /** The run itself, and not one of its steps, stands so. */
    const whenRun = (status: string) => page.getByRole("heading", { level: 1 }).getByText(status).waitFor();

    test("a visitor who is not signed in is led to the sign-in and, signed in, to the runs", async () => {
      await page.goto(`${product.url}/harbor-cloud/runs`);
      const go = page.getByRole("button", { name: "Continue", exact: true });
      // In the accent's colour: on nothing, its white words were not seen.
      expect(await go.evaluate((button) => getComputedStyle(button).backgroundColor)).not.toBe(
        "rgba(0, 0, 0, 0)",
      );
      await page.fill("input[name=identifier]", "ada@cairn.local");
      await page.fill("input[name=password]", product.password);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/harbor-cloud\/runs/);
      await page.getByRole("heading", { name: "Runs" }).waitFor();
      await page.getByText("Waiting for approval").first().waitFor();
      await expectAccessible(page);
    });

    test("files that browsers and crawlers ask for by themselves are there, or are not", async () => {
      const ask = async (file: string) =>
        (await fetch(`${product.url}/${file}`, { redirect: "manual" })).status;
      expect(await Promise.all(["robots.txt", "favicon.ico", "manifest.webmanifest"].map(ask))).toEqual([
        200, 200, 200,
      ]);
      expect(await Promise.all(["apple-touch-icon-precomposed.png", "ads.txt"].map(ask))).toEqual([404, 404]);
    });

    test("the waiting run shows what was found; approving it in place leads to the cited brief, live", async () => {
      await page.getByRole("link", { name: /Review and decide/ }).click();
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
      await page
        .getByText(/unavailable for 47 minutes/)
        .first()
        .waitFor();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Approve", exact: true }).click();
      await whenRun("Succeeded");
      await page
        .getByText(/expired TLS certificate/)
        .first()
        .waitFor();
      await page
        .getByText(/incident-2026-03/)
        .first()
        .waitFor();
      await expectAccessible(page);

      await page
        .getByRole("link", { name: /^incident-2026-03\.md#\d$/ })
        .first()
        .click();
      await page.waitForURL(/\/knowledge\/[0-9a-f-]{36}/);
      await page.locator("li[aria-current=true]").waitFor();
      await expectAccessible(page);
    });

    test("text whose renderer does not come stays as it has arrived: in paragraphs, with its sources", async () => {
      const { items } = (await (await product.api("/api/v1/runs?status=succeeded")).json()) as {
        items: { id: string; workflowName: string }[];
      };
      const brief = items.find(({ workflowName }) => workflowName === "Research brief");
      const visit = await journey.browser.newContext({
        storageState: await page.context().storageState(),
        serviceWorkers: "block",
      });
      const theirs = await visit.newPage();
      const problems: string[] = [];
      theirs.on("pageerror", ({ message }) => problems.push(message));
      let refused = 0;
      await theirs.route("**/_next/static/**/*.js*", async (route) => {
        const answer = await route.fetch();
        if (!(await answer.text()).includes("parseIncompleteMarkdown"))
          return route.fulfill({ response: answer });
        refused += 1;
        return route.abort();
      });
      await theirs.goto(`${product.url}/harbor-cloud/runs/${brief?.id}`);
      const source = theirs.getByRole("link", { name: /^incident-2026-03\.md#\d$/ }).first();
      await whenAwake(source);
      await expect.poll(() => refused).toBeGreaterThan(0);
      const text = theirs.locator("main .prose").first();
      // Nothing has taken its place: its marks are as the model has written them.
      expect(await text.innerText()).toMatch(/^(?:#|-) /m);
      expect(await text.locator("p").count()).toBeGreaterThan(1);
      await source.waitFor();
      expect(problems).toEqual([]);
      await theirs.unrouteAll({ behavior: "ignoreErrors" });
      await visit.close();
    });

    test("the copyable command really starts a run by webhook", async () => {
      const isKnown = Promise.withResolvers<void>();
      await page.route(/\/api\/v1\/workflows\/[0-9a-f-]{36}$/, async (route) => {
        await isKnown.promise;
        await route.continue();
      });
      await page.goto(`${product.url}/harbor-cloud/runs`);
      const reveal = page.getByRole("button", { name: /Show command and secret/ });
      await reveal.click();
      await reveal.waitFor({ state: "detached" });
      const commands = page.locator("pre").filter({ hasText: "webhook-signature" });
      // A command whose input is not known yet would be refused, so there is none.
      expect(await commands.count()).toBe(0);
      isKnown.resolve();
      const command = await commands.first().innerText();
      await page.unrouteAll();
      const output = execFileSync("bash", ["-c", command], { encoding: "utf8" });
      expect(output).toContain("runId");
      await page.getByText("Webhook").first().waitFor();
    });

    test("a list asks for the page of an entry once it is pointed at, and for no other", async () => {
      const asked = new Set<string | undefined>();
      page.on("request", (request) => asked.add(/\/workflows\/([0-9a-f-]{36})\?/.exec(request.url())?.[1]));
      // Where the pointer was left is over an entry of the next page, perhaps.
      await page.mouse.move(0, 0);
      await page.goto(`${product.url}/harbor-cloud/workflows`);
      const entries = page.locator('main a[href^="/harbor-cloud/workflows/01"]');
      await whenAwake(entries);
      await entries.first().hover();
      const meant = (await entries.first().getAttribute("href"))?.split("/").at(-1);
      await eventually(() => asked.has(meant) || undefined);
      expect([...asked].filter(Boolean)).toEqual([meant]);
    });

    test.each(PAGES)(
      "the page %s is accessible, does not jump while it comes, and fits 768 and 390 px",
      async (name) => {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto(`${product.url}/harbor-cloud/${name}`);
        await page.getByRole("heading").first().waitFor();
        await expectAccessible(page);
        expect(await findLoose(page)).toEqual([]);
        expect(await measureShift(page)).toBeLessThan(NOTICED_SHIFT);
        for (const size of [
          { width: 768, height: 1024 },
          { width: 390, height: 844 },
        ]) {
          await page.setViewportSize(size);
          await whenFitting(page);
        }
      },
    );

    test("a tablet leaves what happened the room of a sentence", async () => {
      await page.setViewportSize({ width: 768, height: 1024 });
      await page.goto(`${product.url}/harbor-cloud/runs`);
      await page.getByRole("columnheader", { name: "What happened" }).waitFor();
      const happened = await page.getByRole("columnheader", { name: "What happened" }).boundingBox();
      expect(happened?.width).toBeGreaterThan(180);
      await expectAccessible(page);
    });

    test("a document that is uploaded can be found", async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(`${product.url}/harbor-cloud/knowledge`);
      await whenAwake(page.locator("input[type=file]"));
      await page.setInputFiles("input[type=file]", {
        name: "ferry.md",
        mimeType: "text/markdown",
        buffer: Buffer.from("# Ferry\nThe harbor ferry leaves at seven and returns at noon."),
      });
      await page.getByText("ferry.md").first().waitFor();
      await page.getByText("Ready").nth(3).waitFor();
      await page
        .getByRole("searchbox")
        .or(page.getByPlaceholder(/search|ask/i))
        .first()
        .fill("When does the ferry leave?");
      await page.keyboard.press("Enter");
      await page
        .getByText(/leaves at seven/)
        .first()
        .waitFor();
      await page.getByRole("link", { name: "ferry.md · passage 1" }).click();
      await page.getByRole("heading", { name: "ferry.md" }).waitFor();
      expect(await page.getByText(/returns at noon/).textContent()).toContain("leaves at seven");
    });

    let made = 0;
    /** A run of a workflow of its own: names are taken once. */
    const makeRun = async (definition: { readonly name: string }) => {
      made += 1;
      const make = async (path: string, json: unknown) =>
        (await (await product.api(path, { json })).json()) as { readonly id: string };
      const workflow = await make("/api/v1/workflows", { name: `${definition.name} ${made}`, definition });
      await product.api(`/api/v1/workflows/${workflow.id}/versions`, { method: "POST" });
      return make(`/api/v1/workflows/${workflow.id}/runs`, { input: {} });
    };

    test("a run is started with the keyboard alone: its window begins at its first field", async () => {
      const workflow = await product
        .api("/api/v1/workflows?limit=50")
        .then(async (answer) =>
          ((await answer.json()) as { items: { id: string; name: string }[] }).items.find(
            ({ name }) => name === "Weekly review crew",
          ),
        );
      await page.goto(`${product.url}/harbor-cloud/runs`);
      await whenAwake(page.getByRole("button", { name: "Start run" }));
      await page.getByRole("button", { name: "Start run" }).focus();
      await page.keyboard.press("Enter");
      await page.getByLabel("Workflow", { exact: true }).and(page.locator(":focus")).waitFor();
      await page.getByLabel("Workflow", { exact: true }).selectOption(workflow?.id ?? "");
      await page.getByLabel("Topic").fill("ferries");
      await page.keyboard.press("Tab");
      await page.getByLabel("Priority").and(page.locator(":focus")).waitFor();
      await expectAccessible(page);
      const sent = page.waitForRequest(
        (request) => request.method() === "POST" && request.url().endsWith("/runs"),
      );
      for (const key of ["h", "Tab", "Tab", "Enter"]) await page.keyboard.press(key);
      expect((await sent).postDataJSON()).toEqual({ input: { topic: "ferries" }, priority: "high" });
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    });

    test("several runs are started from pasted CSV; a row that does not fit says why and holds up no other", async () => {
      await page.goto(`${product.url}/harbor-cloud/runs`);
      await whenAwake(page.getByRole("button", { name: "Start run" }));
      await page.getByRole("button", { name: "Start run" }).click();
      await page.getByLabel("Workflow", { exact: true }).selectOption({ label: "Weekly review crew" });
      await page.getByRole("tab", { name: "Several runs" }).click();
      await page.getByLabel("Inputs", { exact: true }).fill("topic,note\nferries,a\n,b\ncranes,c");
      await page.getByText("topic: is missing").waitFor();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Start 2 runs" }).click();
      await page.getByText("2 runs were started.").waitFor();
      await expectAccessible(page);
      await page.getByRole("link", { name: "View the runs" }).click();
      await page.waitForURL(/runs\?batch=/);
      await page.getByText("Started together").waitFor();
      // Rows that lead to a run: the head of the list and its days are rows too.
      const runs = page.getByRole("row").filter({ has: page.getByRole("link") });
      await eventually(async () => (await runs.count()) === 2 || undefined);
    });

    test("an approval's form is filled in with the keyboard alone; what is wrong is said beside its field", async () => {
      const { id } = await makeRun(surveyed);
      await page.goto(`${product.url}/harbor-cloud/runs/${id}`);
      await whenAwake(page.getByRole("button", { name: "Approve" }));
      await page.getByRole("button", { name: "Approve" }).focus();
      await page.keyboard.press("Enter");
      const region = page.getByLabel("Region");
      await region.and(page.locator(":focus")).waitFor();
      expect(
        await region
          .getAttribute("aria-describedby")
          .then((about) => page.locator(`[id="${about}"]`).innerText()),
      ).toBe("This is required.");
      await expectAccessible(page);
      for (const key of ["ArrowDown", "Tab", "Space", "Tab", "Space", "Tab", "Tab", "Enter"])
        await page.keyboard.press(key);
      await whenRun("Succeeded");
      expect(await (await product.api(`/api/v1/runs/${id}`)).json()).toMatchObject({
        output: { survey: { region: "eu", days: ["mon", "tue"], seats: 2 } },
      });
    });

    test("what is edited is what counts, in the app and by a link; Enter twice on Edit decides nothing", async () => {
      const { id } = await makeRun(reviewed);
      await page.goto(`${product.url}/harbor-cloud/runs/${id}`);
      const edit = page.getByRole("button", { name: "Edit", exact: true });
      await whenAwake(edit);
      await edit.focus();
      for (const key of ["Enter", "Enter"]) await page.keyboard.press(key);
      await page.getByRole("textbox", { name: "Note" }).and(page.locator(":focus")).waitFor();
      const approvals = async (runId: string) =>
        (
          (await (await product.api(`/api/v1/approvals?run=${runId}`)).json()) as {
            items: { id: string; status: string; action: string }[];
          }
        ).items;
      expect(await approvals(id)).toMatchObject([{ status: "open" }]);
      await page.getByRole("button", { name: "Discard changes" }).click();
      await edit.dblclick();
      await page.getByRole("button", { name: "Back" }).waitFor();
      expect(await approvals(id)).toMatchObject([{ status: "open" }]);
      await page.getByRole("button", { name: "Save and approve" }).click();
      await page.getByText("No changes yet").waitFor();
      await page.getByRole("textbox", { name: "Note" }).fill('{"text": "better"}');
      await expectAccessible(page);
      await page.getByRole("button", { name: "Save and approve" }).click();
      await whenRun("Succeeded");
      expect(await (await product.api(`/api/v1/runs/${id}`)).json()).toMatchObject({
        output: { note: { text: "better" } },
      });

      const { id: second } = await makeRun(reviewed);
      await page.goto(`${product.url}/harbor-cloud/runs/${second}`);
      await edit.waitFor();
      const [open] = await approvals(second);
      const { url } = (await (
        await product.api(`/api/v1/approvals/${open?.id}/link`, { json: {} })
      ).json()) as { url: string };
      await page.goto(url);
      await whenAwake(edit);
      await edit.click();
      await page.getByRole("textbox", { name: "Note" }).fill('{"text": "by link"}');
      expect(await page.getByRole("button", { name: "Approve", exact: true }).count()).toBe(0);
      await expectAccessible(page);
      await page.getByRole("button", { name: "Save and approve" }).click();
      await page.getByText("decision has been recorded").waitFor();
      await page.goto(`${product.url}/harbor-cloud/runs/${second}`);
      await whenRun("Succeeded");
      expect(await (await product.api(`/api/v1/runs/${second}`)).json()).toMatchObject({
        output: { note: { text: "by link" } },
      });
    });

    test("a rejected run says so, and what it did not come to was not reached", async () => {
      const { id } = await makeRun(reviewed);
      await page.goto(`${product.url}/harbor-cloud/runs/${id}`);
      await whenAwake(page.getByRole("button", { name: "Reject" }));
      await page.getByRole("button", { name: "Reject" }).click();
      await whenRun("Rejected");
      expect(await page.title()).toContain("Reviewed");
      expect(await page.getByText("Succeeded", { exact: true }).count()).toBe(
        await page.getByLabel("Timeline").getByText("Succeeded", { exact: true }).count(),
      );
    });

    test("a run continues in a fork with a changed definition, and its page shows so by itself", async () => {
      const { id } = await makeRun(reviewed);
      await page.goto(`${product.url}/harbor-cloud/runs/${id}`);
      await page.getByRole("button", { name: "Approve" }).waitFor();
      const elsewhere = await page.context().newPage();
      await elsewhere.goto(page.url());
      const note = elsewhere.getByRole("treeitem", { name: /^Note/ });
      await whenAwake(note);
      await note.click();
      await elsewhere.getByRole("button", { name: "Fork from here: Note" }).click();
      await elsewhere.getByRole("button", { name: "Edit definition" }).click();
      const editor = elsewhere.getByLabel(/^Definition of the new run/);
      const text = await editor.inputValue();
      await editor.fill(text.replace('"set"', '"sett"'));
      await elsewhere.getByText("/steps/note/type").waitFor();
      expect(await elsewhere.getByRole("button", { name: "Continue from here" }).isDisabled()).toBe(true);
      await expectAccessible(elsewhere);
      await editor.fill(text.replace("a draft", "another draft"));
      await elsewhere.getByText("No errors. The new run can use this definition.").waitFor();
      await elsewhere.getByRole("button", { name: "Continue from here" }).click();
      await elsewhere.waitForURL((url) => !url.pathname.endsWith(id));
      await elsewhere.getByText("changed for this run").waitFor();
      await elsewhere.getByText("another draft").first().waitFor();
      await elsewhere.close();
      await page.getByRole("link", { name: "Open later run" }).waitFor();

      await page.getByRole("link", { name: "Compare" }).last().click();
      await page.getByRole("heading", { name: "Compare runs" }).waitFor();
      await page.getByText("Different output").first().click();
      await page
        .getByText(/^\+.*another draft/)
        .first()
        .waitFor();
      await page
        .getByText(/^−.*a draft/)
        .first()
        .waitFor();
      await expectAccessible(page);
    });

    test("nothing of it printed an error to the console", () => {
      expect(journey.problems).toEqual([]);
    });
  },
);
