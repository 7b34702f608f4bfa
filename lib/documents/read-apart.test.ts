import { describe, expect, test } from "vitest";
import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";
import { readApart } from "#/lib/documents/read-apart.ts";
import { minimalDocx, minimalPdf, packedPdf } from "#/tests/support/files.ts";

const MEGABYTE = 1_000_000;
/** Above what the process has before: the limits, and what starting a thread takes. */
const MOST_MEGABYTES = 800;

/** The most memory of the process while something is done, above what it was before, and the time that the work took of this thread, which others want to go on in. */
async function measureMemory<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly megabytes: number; readonly ownMs: number }> {
  const before = process.memoryUsage.rss();
  const used = process.threadCpuUsage();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  const result = await work().finally(() => clearInterval(timer));
  const { user, system } = process.threadCpuUsage(used);
  return { result, megabytes: (most - before) / MEGABYTE, ownMs: (user + system) / 1_000 };
}

describe("a document that is read apart", () => {
  test("has its passages", async () => {
    expect(await readApart({ name: "a.pdf", content: minimalPdf("Backups are kept.") })).toEqual({
      ok: true,
      texts: ["Backups are kept."],
    });
    expect(await readApart({ name: "a.exe", content: Uint8Array.from([77, 90, 0]) })).toMatchObject({
      ok: false,
      reason: expect.stringContaining("Upload one of: .txt") as string,
    });
  });

  test.each([
    ["a page of endless drawing", "a.pdf", () => packedPdf("BT /F1 12 Tf (x) Tj ET\n".repeat(3_000_000))],
    ["a page that unpacks to gigabytes", "a.pdf", () => packedPdf(" ".repeat(500_000_000))],
    [
      "a Word document of a million paragraphs",
      "a.docx",
      () => minimalDocx("x</w:t></w:r></w:p><w:p><w:r><w:t>".repeat(1_500_000), { claimedBytes: 100 }),
    ],
    [
      "a Word document that unpacks to more than it says",
      "a.docx",
      () => minimalDocx("x".repeat(400_000_000), { claimedBytes: 100 }),
    ],
  ])(
    "costs no more than the limits, and the process continues: %s",
    async (_what, name, make) => {
      const content = make();
      expect(content.length).toBeLessThan(DOCUMENT_LIMITS.fileBytes);
      const { result, megabytes, ownMs } = await measureMemory(() => readApart({ name, content }));
      expect(result.ok).toBe(false);
      expect(megabytes).toBeLessThan(MOST_MEGABYTES);
      expect(ownMs).toBeLessThan(1_000);
    },
    60_000,
  );

  test("is given up after its time", async () => {
    const started = performance.now();
    const reading = await readApart(
      { name: "a.pdf", content: packedPdf("BT /F1 12 Tf (x) Tj ET\n".repeat(500_000)) },
      { ...DOCUMENT_LIMITS, readingMs: 300 },
    );
    expect(reading).toEqual({
      ok: false,
      reason: expect.stringContaining("longer than 0.3 seconds") as string,
    });
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
