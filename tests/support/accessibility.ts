import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { whenStill } from "#/tests/support/browser.ts";

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** WCAG 2.2 AA, and what of it axe leaves out unless it is asked. */
const RULES = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  rules: { "target-size": { enabled: true } },
  // What is right is not described, which took a quarter of the time.
  resultTypes: ["violations"],
};

/**
 * Some controls are not ours: of the canvas library the link to itself is one small line, and its buttons lie over steps, which the rule takes for the
 * other way round.
 */
const isTheirs = (rule: string, html: string): boolean =>
  rule === "target-size" && /React Flow attribution|react-flow__controls-button/.test(html);

/** Fails with what keeps people from using a page. */
export async function expectAccessible(page: Page): Promise<void> {
  await whenStill(page);
  if (!(await page.evaluate(() => "axe" in globalThis)))
    await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
  const { violations } = await page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: Violation[] }> };
    };
    return axe.run(rules);
  }, RULES);
  const found = violations.flatMap(({ id, nodes }) =>
    nodes
      .filter(({ html }) => !isTheirs(id, html))
      .map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
  expect(found, page.url()).toEqual([]);
}
