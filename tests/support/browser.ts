import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { eventually } from "#/tests/support/eventually.ts";

const CANDIDATES = [
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** A Chromium of the machine; undefined where there is none. */
export const chromiumPath = CANDIDATES.find((path) => path !== undefined && existsSync(path));

/** The background traffic of a browser is refused on a closed network, many times a second; it is switched off. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ ...(chromiumPath !== undefined && { executablePath: chromiumPath }), args: ARGS });
}

/** A visitor for whom nothing fades or slides: what is measured while it moves is neither what was nor what will be. */
export function openVisit(
  browser: Browser,
  size: { readonly width: number; readonly height: number },
): Promise<BrowserContext> {
  return browser.newContext({ viewport: size, reducedMotion: "reduce" });
}

/** Waits until the page has its title and moves no more, a toast that has just come included. */
export async function whenStill(page: Page): Promise<void> {
  // The title of a page is streamed after its first paint.
  await page.waitForFunction(() => document.title !== "");
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== "running"),
  );
  await page.waitForFunction(() =>
    [...document.querySelectorAll("[data-sonner-toast]")].every(
      (toast) => getComputedStyle(toast).opacity === "1" || getComputedStyle(toast).opacity === "0",
    ),
  );
}

/**
 * Waits until React has taken a control over: before that the page shows it, and pressing it does nothing. It is looked for anew each time, for what
 * is streamed in takes the place of what was there. Keys are listened to by effects, up to 75 ms after that: the browser is idle once they
 * have run.
 */
export async function whenAwake(control: Locator): Promise<void> {
  await eventually(
    async () =>
      (await control.first().evaluate(async (element) => {
        if (!Object.keys(element).some((key) => key.startsWith("__reactProps"))) return false;
        await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 10_000 }));
        return element.isConnected;
      })) || undefined,
  );
}

/** Finds what scrolls and does not hold what is placed in it: a word for readers of screens, far down a long list, would make the page that long. */
export function findLoose(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("main *")]
      .filter((element) => {
        const { overflowY, position } = getComputedStyle(element);
        return /auto|scroll/.test(overflowY) && position === "static" && element.children.length > 0;
      })
      .map((element) => element.className),
  );
}

/** Waits until the page is no wider than its window. */
export async function whenFitting(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
}

/** How far what was shown has moved by itself since the page was opened, as browsers measure it (cumulative layout shift). */
export function measureShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & {
            hadRecentInput: boolean;
            value: number;
          })[])
            if (!entry.hadRecentInput) sum += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve(sum), 100);
      }),
  );
}
