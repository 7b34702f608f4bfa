import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath } from "#/tests/support/browser.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";
import { readRows } from "#/tests/support/owner.ts";

// Somebody looks where their workspace is, and opens it after it has moved to another region.
describe.skipIf(chromiumPath === undefined)(
  `a workspace's region${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let page: Journey["page"];
    beforeAll(async () => {
      journey = await openJourney({ CAIRN_REGION: "eu-central-1" });
      ({ page } = journey);
      await signInAt(journey, "settings");
      await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
    });
    afterAll(() => journey?.close());

    test("stands in its settings", async () => {
      const card = page.getByLabel("Workspace", { exact: true });
      await card.getByText("eu-central-1").waitFor();
      await expectAccessible(page);
    });

    test("is somewhere else when it has moved: the page says where, and opens it there", async () => {
      const { ownerUrl } = journey.product;
      const [workspace] = await readRows(ownerUrl, "select id from workspaces where slug = 'harbor-cloud'");
      await readRows(
        ownerUrl,
        "insert into workspace_moves (workspace_id, id, state, other_url) values ($1, $2, 'moved', 'https://us.cairn.test')",
        [workspace?.["id"], randomUUID()],
      );
      const moved = page.getByText("This workspace has moved");
      // A process remembers for some seconds what the workspace is called.
      await expect
        .poll(async () => (await page.reload(), await moved.count()), { timeout: 120_000, interval: 2_000 })
        .toBe(1);
      expect(await page.getByRole("link", { name: "Open it there" }).getAttribute("href")).toBe(
        "https://us.cairn.test/harbor-cloud/runs",
      );
      await expectAccessible(page);
    });
  },
);
