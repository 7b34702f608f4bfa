import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchBrowser } from "#/tests/support/browser.ts";
import { reviewed, surveyed } from "#/tests/support/definitions.ts";
import { type Product, startProduct } from "#/tests/support/product.ts";

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

// A newcomer in a real browser, from the first page to the cited result.
describe.skipIf(chromiumPath === undefined)(`in a browser${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`, () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    product = await startProduct();
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => void (message.type() === "error" && problems.push(message.text())));
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const expectAccessible = async (looked = page) => {
    // The title of a page is streamed after its first paint.
    await looked.waitForFunction(() => document.title !== "");
    // What is still fading in has no contrast yet.
    await looked.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running" || animation.effect?.getComputedTiming().iterations === Infinity));
    await looked.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
    const { violations } = await looked.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<{ violations: Violation[] }> } };
      return axe.run({ runOnly: ["wcag2a", "wcag2aa"] });
    });
    expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`), looked.url()).toEqual([]);
  };

  test("a visitor who is not signed in is led to the sign-in and, signed in, to the runs", async () => {
    await page.goto(`${product.url}/harbor-cloud/runs`);
    await page.fill("input[name=identifier]", "ada@cairn.local");
    await page.fill("input[name=password]", product.password);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/harbor-cloud\/runs/);
    await page.getByRole("heading", { name: "Runs" }).waitFor();
    await page.getByText("Waiting for approval").first().waitFor();
    await expectAccessible();
  });

  test("the waiting run shows what was found; approving it in place leads to the cited brief, live", async () => {
    await page.getByRole("link", { name: /Review and decide/ }).click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    await page.getByText(/unavailable for 47 minutes/).first().waitFor();
    await expectAccessible();
    await page.getByRole("button", { name: "Approve", exact: true }).click();
    await page.getByText("Succeeded").first().waitFor();
    await page.getByText(/expired TLS certificate/).first().waitFor();
    await page.getByText(/incident-2026-03/).first().waitFor();
    await expectAccessible();
  });

  test("the copyable command really starts a run by webhook", async () => {
    await page.goto(`${product.url}/harbor-cloud/runs`);
    await page.getByRole("button", { name: /Show the command/ }).click();
    const command = await page.locator("pre").filter({ hasText: "webhook-signature" }).first().innerText();
    const output = execFileSync("bash", ["-c", command], { encoding: "utf8" });
    expect(output).toContain("runId");
    await page.getByText("Webhook").first().waitFor();
  });

  test.each(["inbox", "workflows", "knowledge", "triggers", "settings"])("the page %s is accessible and fits 390 px", async (name) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${product.url}/harbor-cloud/${name}`);
    await page.getByRole("heading").first().waitFor();
    await page.waitForLoadState("networkidle");
    await expectAccessible();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  test("a document that is uploaded can be found", async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${product.url}/harbor-cloud/knowledge`);
    // The input does nothing before the page is hydrated.
    await page.waitForLoadState("networkidle");
    await page.setInputFiles("input[type=file]", { name: "ferry.md", mimeType: "text/markdown", buffer: Buffer.from("# Ferry\nThe harbor ferry leaves at seven and returns at noon.") });
    await page.getByText("ferry.md").first().waitFor();
    await page.getByText("Ready").nth(3).waitFor();
    await page.getByRole("searchbox").or(page.getByPlaceholder(/search|ask/i)).first().fill("When does the ferry leave?");
    await page.keyboard.press("Enter");
    await page.getByText(/leaves at seven/).first().waitFor();
    expect(await page.getByText(/ferry\.md/).count()).toBeGreaterThan(1);
  });

  const runOf = async (definition: { readonly name: string }) => {
    const make = async (path: string, json: unknown) => (await (await product.api(path, { json })).json()) as { readonly id: string };
    const workflow = await make("/api/v1/workflows", { name: definition.name, definition });
    await product.api(`/api/v1/workflows/${workflow.id}/versions`, { method: "POST" });
    return make(`/api/v1/workflows/${workflow.id}/runs`, { input: {} });
  };

  test("a run is started with the keyboard alone: its window begins at its first field", async () => {
    const workflow = await product.api("/api/v1/workflows?limit=50").then(async (answer) => ((await answer.json()) as { items: { id: string; name: string }[] }).items.find(({ name }) => name === "Weekly review crew"));
    await page.goto(`${product.url}/harbor-cloud/runs`);
    await page.waitForLoadState("networkidle");
    await page.getByRole("button", { name: "Start run" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Workflow", { exact: true }).and(page.locator(":focus")).waitFor();
    await page.getByLabel("Workflow", { exact: true }).selectOption(workflow?.id ?? "");
    await page.getByLabel("Topic").fill("ferries");
    await page.keyboard.press("Tab");
    await page.getByLabel("Priority").and(page.locator(":focus")).waitFor();
    await expectAccessible();
    const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/runs"));
    for (const key of ["h", "Tab", "Tab", "Enter"]) await page.keyboard.press(key);
    expect((await sent).postDataJSON()).toEqual({ input: { topic: "ferries" }, priority: "high" });
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  });

  test("an approval's form is filled in with the keyboard alone; what is wrong is said beside its field", async () => {
    const { id } = await runOf(surveyed);
    await page.goto(`${product.url}/harbor-cloud/runs/${id}`);
    await page.waitForLoadState("networkidle");
    await page.getByRole("button", { name: "Approve" }).focus();
    await page.keyboard.press("Enter");
    const region = page.getByLabel("Region");
    await region.and(page.locator(":focus")).waitFor();
    expect(await region.getAttribute("aria-describedby").then((about) => page.locator(`[id="${about}"]`).innerText())).toBe("This is needed.");
    await expectAccessible();
    for (const key of ["ArrowDown", "Tab", "Space", "Tab", "Space", "Tab", "Tab", "Enter"]) await page.keyboard.press(key);
    await page.getByText("Succeeded").first().waitFor();
    expect(await (await product.api(`/api/v1/runs/${id}`)).json()).toMatchObject({ output: { survey: { region: "eu", days: ["mon", "tue"], seats: 2 } } });
  });

  test("a run goes on in a fork with a changed definition, and its page shows so by itself", async () => {
    const { id } = await runOf(reviewed);
    await page.goto(`${product.url}/harbor-cloud/runs/${id}`);
    await page.getByRole("button", { name: "Approve" }).waitFor();
    const elsewhere = await page.context().newPage();
    await elsewhere.goto(page.url());
    await elsewhere.getByRole("button", { name: /^Go on from Note/ }).click();
    await elsewhere.getByRole("button", { name: "Change the definition" }).click();
    const editor = elsewhere.getByLabel(/^Definition of the new run/);
    const text = await editor.inputValue();
    await editor.fill(text.replace('"set"', '"sett"'));
    await elsewhere.getByText("/steps/note/type").waitFor();
    expect(await elsewhere.getByRole("button", { name: "Go on from here" }).isDisabled()).toBe(true);
    await expectAccessible(elsewhere);
    await editor.fill(text.replace("a draft", "another draft"));
    await elsewhere.getByText("The new run can use it.").waitFor();
    await elsewhere.getByRole("button", { name: "Go on from here" }).click();
    await elsewhere.waitForURL((url) => !url.pathname.endsWith(id));
    await elsewhere.getByText("changed for this run").waitFor();
    await elsewhere.getByText("another draft").first().waitFor();
    await elsewhere.close();
    await page.getByRole("link", { name: "Open the later run" }).waitFor();
  });

  test("nothing of it printed an error to the console", () => {
    expect(problems).toEqual([]);
  });
});
