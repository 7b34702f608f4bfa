import { afterEach } from "vitest";
import { openJourneys } from "#/tests/support/journey.ts";

/** Characters of a page that are told. */
const LONGEST = 600;

// What a page showed when its test failed is gone a moment later, and the failure alone does not tell why: its message tells the page too.
afterEach(async ({ task }) => {
  const [error] = task.result?.errors ?? [];
  if (!error) return;
  for (const { page, problems } of openJourneys) {
    const text = await page
      .locator("body")
      .innerText({ timeout: 5000 })
      .catch(() => "could not be read");
    const told = [page.url(), ...problems.slice(-3), text.replaceAll(/\s+/g, " ").slice(0, LONGEST)].join(
      " | ",
    );
    error.message += `\nThe page: ${told}`;
    error.stack = `${error.message}\n${error.stack ?? ""}`;
  }
});
