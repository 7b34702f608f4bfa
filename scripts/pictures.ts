// Takes the pictures of README and docs anew, from a product that is started for it: npm run pictures
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import * as v from "valibot";
import { launchBrowser, whenStill } from "#/tests/support/browser.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Product, startProduct } from "#/tests/support/product.ts";

const FOLDER = "docs/images";
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const SETTLED_MS = 2_000;

const Listed = v.object({
  items: v.array(
    v.looseObject({ id: v.string(), name: v.optional(v.string(), ""), status: v.optional(v.string(), "") }),
  ),
});

async function list(product: Product, address: string) {
  const answer = await product.api(address);
  return v.parse(Listed, await answer.json()).items;
}

/** Starts a run of each workflow, and waits until every run has ended or asks somebody. */
async function fillRuns(product: Product): Promise<void> {
  const workflows = await list(product, "/api/v1/workflows");
  const inputs: Readonly<Record<string, object>> = {
    "Support answer": { customer: "Northwind", question: "When do customers receive a credit?" },
    "Quick question": { question: "What does the Team plan cost?" },
    "Weekly review crew": { topic: "incidents and the support policy" },
  };
  for (const { id, name } of workflows)
    if (inputs[name])
      await product.api(`/api/v1/workflows/${id}/runs`, { json: { input: inputs[name] } }).then(expectDone);
  await eventually(async () => {
    const runs = await list(product, "/api/v1/runs");
    return runs.some(({ status }) => UNDER_WAY.has(status)) ? undefined : true;
  });
}

const UNDER_WAY: ReadonlySet<string> = new Set(["queued", "running", "retrying"]);

async function expectDone(answer: Response): Promise<void> {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
}

async function signIn(page: Page, product: Product): Promise<void> {
  await page.goto(`${product.url}/harbor-cloud/runs`);
  await page.fill("input[name=identifier]", "ada@cairn.local");
  await page.fill("input[name=password]", product.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Runs", exact: true }).waitFor();
}

async function take(page: Page, name: string): Promise<void> {
  await whenStill(page);
  // The identity provider's controls come last.
  await sleep(SETTLED_MS);
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
  console.log(`${FOLDER}/${name}.png`);
}

async function takeAll(product: Product, page: Page): Promise<void> {
  const open = (address: string) => page.goto(`${product.url}/harbor-cloud/${address}`);
  await signIn(page, product);
  await take(page, "start");
  await page.getByRole("button", { name: /^Hide these steps/ }).click();
  await take(page, "runs");
  await open("inbox");
  await page.getByRole("article").waitFor();
  await take(page, "inbox");
  await page.setViewportSize(PHONE);
  await open("inbox");
  await take(page, "phone");
  await page.setViewportSize(DESK);
  const workflows = await list(product, "/api/v1/workflows");
  await open(`workflows/${workflows.find(({ name }) => name === "Support answer")?.id}`);
  await page.getByRole("group", { name: /^Draft the answer/ }).click();
  await take(page, "studio");
  await open("inbox");
  await page.getByRole("button", { name: "Approve", exact: true }).click();
  const [brief] = await list(product, "/api/v1/runs?search=billing");
  await open(`runs/${brief?.id}`);
  await page.getByText("Succeeded").first().waitFor();
  await take(page, "run");
}

const product = await startProduct();
const browser = await launchBrowser();
try {
  await fillRuns(product);
  const context = await browser.newContext({ viewport: DESK, reducedMotion: "reduce", colorScheme: "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await takeAll(product, page);
} finally {
  await browser.close();
  await product.stop();
}
