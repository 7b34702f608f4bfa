import type { Browser, Page } from "playwright-core";
import { inject } from "vitest";
import { launchBrowser, openVisit } from "#/tests/support/browser.ts";
import { type Product, startProduct, startProductAgain } from "#/tests/support/product.ts";

/** A product of its own, and somebody who looks at it in a browser. */
export interface Journey {
  readonly product: Product;
  readonly browser: Browser;
  readonly page: Page;
  /** Errors of its pages and their consoles, each behind the page's address. */
  readonly problems: string[];
  readonly close: () => Promise<void>;
}

/** Those that are open in this process: what their pages show is told with a test that fails. */
export const openJourneys = new Set<Journey>();

/** Starts a product with a visitor who has not signed in. @param environment what its owner sets before its first start */
export async function openJourney(environment?: Readonly<Record<string, string>>): Promise<Journey> {
  const product = environment
    ? await startProduct(environment)
    : await startProductAgain(inject("startedHome"));
  const browser = await launchBrowser();
  const context = await openVisit(browser, { width: 1440, height: 900 });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  const note = (text: string) => problems.push(`${new URL(page.url()).pathname}: ${text}`);
  page.on("pageerror", (error) => note(error.message));
  page.on("console", (message) => void (message.type() === "error" && note(message.text())));
  const close = async () => {
    openJourneys.delete(journey);
    await browser.close();
    await product.stop();
  };
  const journey = { product, browser, page, problems, close };
  openJourneys.add(journey);
  return journey;
}

/** Goes to a page of the workspace, and signs in on the way there. */
export async function signInAt({ product, page }: Journey, path: string): Promise<void> {
  await page.goto(`${product.url}/harbor-cloud/${path}`);
  await page.fill("input[name=identifier]", "ada@cairn.local");
  await page.fill("input[name=password]", product.password);
  await page.keyboard.press("Enter");
}
