import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { whenStill } from "#/tests/support/browser.ts";

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Fails with what keeps people from using a page, by the rules of WCAG. */
export async function expectAccessible(page: Page): Promise<void> {
  await whenStill(page);
  await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
  const { violations } = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: Violation[] }> };
    };
    return axe.run({ runOnly: ["wcag2a", "wcag2aa"] });
  });
  expect(
    violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`),
    page.url(),
  ).toEqual([]);
}
