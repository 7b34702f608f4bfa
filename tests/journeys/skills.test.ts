import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { zip } from "#/tests/support/files.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";

const skill = (text: string) =>
  `---\nname: invoice-rules\ndescription: How invoices are checked.\n---\n\n# Rules\n\n${text}\n`;

// Somebody who has never seen a skill writes one, mends it, sees what it has changed, and takes it away.
describe.skipIf(chromiumPath === undefined)(
  `skills${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let product: Journey["product"];
    let page: Journey["page"];

    beforeAll(async () => {
      journey = await openJourney();
      ({ product, page } = journey);
      await signInAt(journey, "skills");
      await page.getByRole("heading", { name: "Skills" }).waitFor();
    });
    afterAll(() => journey?.close());

    const open = (path: string) => page.goto(`${product.url}/harbor-cloud/${path}`);
    const heading = (name: string) => page.getByRole("heading", { level: 1, name }).waitFor();
    /** Replaces the text in the editor. */
    const write = async (text: string) => {
      await page.getByLabel(/Press Escape, then Tab to leave/).click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(text);
    };

    test("a workspace without skills says what one is; written with a mistake it is not saved, and the mistake has its line", async () => {
      await page.getByText("No skills yet").waitFor();
      await expectAccessible(page);
      const begin = page.getByRole("link", { name: "New skill" });
      await whenAwake(begin);
      await begin.first().click();
      await heading("New skill");
      await write(skill("Check the sum.").replace("invoice-rules", "Invoice Rules"));
      await page
        .getByText(/Name has small letters/)
        .first()
        .waitFor();
      await page.getByText("line 2").waitFor();
      expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
      await expectAccessible(page);
      await write(skill("Check the sum."));
      await page.getByText("It fits the format.").waitFor();
      await page.keyboard.press("Control+s");
      await heading("invoice-rules");
      await page.getByText("Check the sum.").waitFor();
      await expectAccessible(page);
    });

    test("a changed text with one more file is the next version, which shows its changes; the first one stays", async () => {
      await open("skills/invoice-rules/edit");
      await heading("Edit invoice-rules");
      await write(skill("Check the sum twice."));
      await page.getByRole("button", { name: "Add file" }).click();
      await page.getByLabel("Path").fill("../tax.md");
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByText(/Letters of English/).waitFor();
      await page.getByLabel("Path").fill("tax.md");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Remove tax.md" }).waitFor();
      await write("19 %");
      await page.getByRole("button", { name: "Save" }).click();
      await heading("invoice-rules");
      await page.getByRole("button", { name: "Show changes in version 2" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("+ Check the sum twice.").waitFor();
      await dialog.getByText("+ 19 %").waitFor();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.getByRole("link", { name: "Version 1", exact: true }).click();
      await page.getByText("This is version 1").waitFor();
      await page.getByText("Check the sum.", { exact: true }).waitFor();
    });

    test("what somebody else has stored meanwhile is not written over without a word", async () => {
      await open("skills/invoice-rules/edit");
      await write(skill("Mine."));
      await page.getByText("It fits the format.").waitFor();
      await product.api("/api/v1/skills", { json: { text: skill("Theirs.") } });
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText(/Somebody else has stored/).waitFor();
      // A browser notes every refusal; this one is what the test is about.
      expect(journey.problems.splice(0)).toEqual([expect.stringContaining("409")]);
      await page.getByRole("button", { name: "Save as the newest" }).click();
      await heading("invoice-rules");
      await page.getByText("Mine.").waitFor();
      await page.getByText("Version 4").first().waitFor();
    });

    test("a zip is uploaded, one that is no skill is refused with the reason, and the list is found through by words", async () => {
      await open("skills");
      const upload = page.getByRole("button", { name: "Upload" });
      await whenAwake(upload);
      await upload.click();
      const choose = page.getByLabel("Choose a zip or a SKILL.md");
      const file = (files: Readonly<Record<string, string>>) => ({
        name: "skill.zip",
        mimeType: "application/zip",
        buffer: Buffer.from(zip(files)),
      });
      await choose.setInputFiles(file({ "README.md": "none" }));
      await page.getByText("There is no SKILL.md in the archive.").waitFor();
      expect(journey.problems.splice(0)).toEqual([expect.stringContaining("422")]);
      await choose.setInputFiles(
        file({ "tone/SKILL.md": "---\nname: tone\ndescription: How we write.\n---\nBe kind." }),
      );
      await heading("tone");
      await open("skills");
      await whenAwake(page.getByLabel("Search skills"));
      await page.getByLabel("Search skills").fill("write");
      await page.getByRole("link", { name: "tone" }).waitFor();
      expect(await page.getByRole("link", { name: "invoice-rules" }).count()).toBe(0);
    });

    test("an agent is given a skill in its properties; deleting the skill says whom that breaks", async () => {
      const definition = {
        format: "cairn/v1",
        name: "Checks invoices",
        kind: "graph",
        steps: { check: { type: "agent", role: "Clerk", goal: "Check it", tools: ["calculator"] } },
        edges: [
          { from: "start", to: "check" },
          { from: "check", to: "end" },
        ],
      };
      const made = await product.api("/api/v1/workflows", { json: { name: "Checks invoices", definition } });
      const { id } = (await made.json()) as { id: string };
      await open(`workflows/${id}`);
      await page.locator(".react-flow__node[data-id=check]").click();
      await page.getByLabel("Add a tool or a skill").selectOption({ label: "invoice-rules" });
      await page.getByText("Ready to publish").waitFor();
      await page.getByRole("button", { name: "Publish…" }).click();
      await page.getByRole("button", { name: "Publish", exact: true }).click();
      await page.getByText("Published v1").waitFor();
      await open("skills/invoice-rules");
      await page.getByRole("link", { name: "Checks invoices" }).waitFor();
      const remove = page.getByRole("button", { name: "Delete" });
      await whenAwake(remove);
      await remove.click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("This breaks 1 workflow").waitFor();
      await expectAccessible(page);
      await dialog.getByRole("button", { name: "Cancel" }).click();
    });

    test("its pages fit 390 px, and print no error", async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      for (const path of ["skills", "skills?write", "skills/invoice-rules", "skills/invoice-rules/edit"]) {
        await open(path);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await whenFitting(page);
        await expectAccessible(page);
      }
      await open("skills/tone");
      const remove = page.getByRole("button", { name: "Delete" });
      await whenAwake(remove);
      await remove.click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await heading("Skills");
      await page.getByText("tone is deleted").waitFor();
      expect(journey.problems).toEqual([]);
    });
  },
);
