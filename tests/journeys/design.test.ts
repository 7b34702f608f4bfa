import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, openVisit, whenAwake, whenFitting, whenStill } from "#/tests/support/browser.ts";
import { type Journey, openJourney } from "#/tests/support/journey.ts";
import { compareWithPicture } from "#/tests/support/pictures.ts";

const SECTIONS = ["foundation", "states", "controls", "messages", "question", "values", "graph"];
const LOOKS = [
  { theme: "light", width: 1440 },
  { theme: "dark", width: 1440 },
  { theme: "contrast", width: 1440 },
  { theme: "light", width: 390 },
];

describe.skipIf(chromiumPath === undefined)(
  `the design system${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    beforeAll(async () => {
      journey = await openJourney();
    });
    afterAll(() => journey?.close());

    test.each(LOOKS)("looks as its pictures in $theme at $width px", async ({ theme, width }) => {
      const context = await openVisit(journey.browser, { width, height: 900 });
      await context.addInitScript((name) => localStorage.setItem("theme", name), theme);
      const page = await context.newPage();
      await page.goto(`${journey.product.url}/design`);
      await whenAwake(page.getByRole("button", { name: "Switch theme" }));
      await page.locator("#graph .react-flow__node").nth(11).waitFor();
      await page.evaluate(async () => document.fonts.ready);
      await whenStill(page);
      await whenFitting(page);
      const differences: (string | undefined)[] = [];
      for (const section of SECTIONS)
        differences.push(
          await compareWithPicture(page.locator(`#${section}`), `${section}-${width}-${theme}`),
        );
      expect(differences.filter((difference) => difference !== undefined)).toEqual([]);
      // What high contrast adds to an element is less than half a percent of a picture.
      const node = page.locator("#graph .react-flow__node > div").first();
      const thickness = await node.evaluate((element) => getComputedStyle(element).borderTopWidth);
      expect(thickness).toBe(theme === "contrast" ? "2px" : "1px");
      await expectAccessible(page);
      await context.close();
    });
  },
);
