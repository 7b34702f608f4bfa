import { describe, expect, test } from "vitest";
import { mediaTypeOf } from "#/lib/documents/media-type.ts";
import { readDocument } from "#/lib/documents/read.ts";
import { minimalDocx, minimalPdf } from "#/tests/support/files.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("documents", () => {
  test("are what their bytes say, whatever their name claims", () => {
    expect(mediaTypeOf("a.txt", bytes("%PDF-1.7 …"))).toBe("application/pdf");
    expect(mediaTypeOf("a.pdf", bytes("hello"))).toBe("application/pdf");
    expect(mediaTypeOf("a.docx", bytes("hello"))).toBeUndefined();
    expect(mediaTypeOf("a.exe", new Uint8Array([77, 90, 0, 3]))).toBeUndefined();
    expect(mediaTypeOf("notes", bytes("plain"))).toBe("text/plain");
  });

  test("of HTML keep headings and text, not markup, links or scripts", async () => {
    const html = "<html><script>evil()</script><nav>menu</nav><h1>Title</h1><p>One <b>two</b> <a href='x'>three</a></p></html>";
    const result = await readDocument("text/html", bytes(html));
    expect(result).toMatchObject({ ok: true });
    expect(result.ok && result.text).toMatch(/## Title\s+One two three/);
    expect(result.ok && result.text).not.toMatch(/evil|menu/);
  });

  test("of CSV name the column of every value", async () => {
    expect(await readDocument("text/csv", bytes('name,price\n"Team, small",24\n'))).toEqual({ ok: true, text: "name: Team, small, price: 24." });
  });

  test("that are not UTF-8 are read as windows-1252", async () => {
    expect(await readDocument("text/plain", new Uint8Array([0x63, 0x61, 0x66, 0xe9]))).toEqual({ ok: true, text: "café" });
  });

  test("of PDF and Word give their text", async () => {
    expect(await readDocument("application/pdf", minimalPdf("Backups are kept for 35 days."))).toMatchObject({ ok: true, text: expect.stringContaining("35 days") as string });
    const docx = await readDocument("application/vnd.openxmlformats-officedocument.wordprocessingml.document", minimalDocx("The Team plan costs 24 euros."));
    expect(docx).toEqual({ ok: true, text: "The Team plan costs 24 euros." });
  });

  test("that are damaged, encrypted or empty say so in words", async () => {
    const damaged = await readDocument("application/pdf", bytes("%PDF-1.7 broken"));
    expect(damaged).toMatchObject({ ok: false, reason: expect.stringMatching(/damaged/) as string });
    const encrypted = await readDocument("application/pdf", minimalPdf("x", { encrypted: true }));
    expect(encrypted).toMatchObject({ ok: false, reason: expect.stringMatching(/encrypted/) as string });
    expect(await readDocument("text/plain", bytes("  "))).toMatchObject({ ok: false });
    expect(await readDocument("application/vnd.openxmlformats-officedocument.wordprocessingml.document", bytes("PK\u0003\u0004junk"))).toMatchObject({ ok: false });
  });
});
