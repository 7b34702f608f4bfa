import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tidyText } from "#/lib/documents/tidy-text.ts";
import { type MediaType, detectMediaType } from "#/lib/documents/media-type.ts";
import { readDocument } from "#/lib/documents/read.ts";
import { minimalDocx, minimalPdf } from "#/tests/support/files.ts";

const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const bytes = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string) => new Uint8Array(Buffer.from(`\uFEFF${text}`, "utf16le"));
const compound = Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]);
const noting = (note: RegExp) => ({ note: expect.stringMatching(note) as string });
const readText = async (mediaType: MediaType, content: Uint8Array) => {
  const reading = await readDocument(mediaType, content);
  return reading.ok ? reading.text : `FAILED: ${reading.reason}`;
};

describe("documents", () => {
  test.each<[string, Uint8Array, MediaType | undefined]>([
    ["a.txt", bytes("%PDF-1.7 …"), "application/pdf"],
    ["a.pdf", bytes("hello"), "application/pdf"],
    ["a.docx", bytes("hello"), undefined],
    ["a.docx", minimalDocx("hello"), WORD],
    ["a.docx", compound, WORD],
    ["a.doc", compound, undefined],
    ["a.txt", minimalDocx("hello"), undefined],
    ["a.exe", Uint8Array.from([77, 90, 0, 3]), undefined],
    ["a.txt", Uint8Array.from([77, 90, 0, 3]), undefined],
    ["photo.txt", Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0x4a]), undefined],
    ["logo.md", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), undefined],
    ["packed.csv", Uint8Array.from([0x1f, 0x8b, 8, 1]), undefined],
    ["slip.txt", bytes(`${"Gulls. ".repeat(200)}\u0000`), "text/plain"],
    ["A.TXT", utf16("hello"), "text/plain"],
    ["notes", bytes("plain"), "text/plain"],
    ["constructor", bytes("plain"), "text/plain"],
    ["page.HTM", bytes("<p>"), "text/html"],
  ])("are what their bytes and their name say: %s", (name, content, mediaType) => {
    expect(detectMediaType(name, content)).toBe(mediaType);
  });

  test("of HTML keep headings and text, not markup, links or scripts", async () => {
    const html =
      "<html><script>evil()</script><nav>menu</nav><h1>Title</h1><p>One <b>two</b> <a href='x'>three</a></p><h2>Part</h2></html>";
    expect(await readText("text/html", bytes(html))).toBe("# Title\n\nOne two three\n\n## Part");
  });

  test("of HTML keep each row of a table in a line", async () => {
    const html =
      "<p>Prices</p><table><tr><th>Plan</th><th>Euro</th></tr><tr><td><p>Team</p></td><td>24</td></tr></table>";
    expect(await readText("text/html", bytes(html))).toBe("Prices\n\nPlan | Euro |\nTeam | 24 |");
  });

  test("of HTML say a merged cell in every row and column it spans, within bounds", async () => {
    const html =
      "<table><tr><th rowspan=2>Region<th colspan=2>Sales</tr><tr><th>Q1<th>Q2</tr><tr><td rowspan=9>North<td>10<td>20</tr><tr><td>11<td>21</tr></table>";
    expect(await readText("text/html", bytes(html))).toBe(
      "Region | Sales | Sales |\nRegion | Q1 | Q2 |\nNorth | 10 | 20 |\nNorth | 11 | 21 |",
    );
    const nested = `${"<table><tr><td colspan=9>".repeat(200)}deep`;
    expect(await readText("text/html", bytes(nested))).toContain("deep");
    const wide = `<table>${"<tr><td rowspan=65534 colspan=1000000000>x".repeat(3000)}</table>`;
    expect((await readText("text/html", bytes(wide))).length).toBeLessThan(100_000);
  });

  test.each([
    ["cp1251.txt", "Возврат товара возможен в течение четырнадцати дней.", noting(/windows-1251/)],
    [
      "gbk.csv",
      "产品: 苹果手机, 价格: 4999, 说明: 全新国行正品.\n产品: 蓝牙耳机, 价格: 299, 说明: 降噪续航三十小时.",
      noting(/gb18030/),
    ],
    [
      "utf8bom.csv",
      "产品: 苹果手机, 价格: 4999, 说明: 全新国行正品.\n产品: 蓝牙耳机, 价格: 299, 说明: 降噪续航三十小时.",
      undefined,
    ],
    ["gbk-meta.html", "# 退货政策\n\n七天无理由退货", undefined],
    ["sep.csv", "name: Ann, city: Paris.", undefined],
    [
      "merged.docx",
      "Before\n\nRegion | Sales | Sales |\nRegion | Q1 | Q2 |\nNorth | 10 | 20 |\nNorth | 11 | 21 |\n\nAfter",
      undefined,
    ],
    ["mixed.pdf", "Page one has text\n\nPage three has text", noting(/^Page 2 of 3 has no text/)],
  ])("as people have them are read, and say what was guessed or is missing: %s", async (name, text, note) => {
    const content = readFileSync(`tests/fixtures/documents/${name}`);
    const mediaType = detectMediaType(name, content) ?? "text/plain";
    expect(await readDocument(mediaType, content)).toEqual({ ok: true, text, ...note });
  });

  test.each([
    ["commas and quotes", 'name,price\n"Team, small",24\n', "name: Team, small, price: 24."],
    ["semicolons", "name;price\nTeam;1,5\n", "name: Team, price: 1,5."],
    ["bars", "name|price\nTeam|24\n", "name: Team, price: 24."],
    ["tabs", "name\tprice\nTeam, small\t24\n", "name: Team, small, price: 24."],
    [
      "a line that says what is between values",
      "sep=;\r\nname,first;price\r\nTeam;24\r\n",
      "name,first: Team, price: 24.",
    ],
    ["names with other separators in quotes", '"a;b;c;d",price\nTeam,24\n', "a;b;c;d: Team, price: 24."],
    ["gaps and rows of other lengths", "name,price\nTeam,,extra\n,\n", "name: Team, column 3: extra."],
    ["names that objects have", "__proto__,constructor\n1,2\n", "__proto__: 1, constructor: 2."],
    ["nothing but names", "name,price\n", "name, price"],
  ])("of CSV name the column of every value: %s", async (_what, csv, text) => {
    expect(await readText("text/csv", bytes(csv))).toBe(text);
  });

  test("are decoded by what they announce, or as UTF-8, or as their statistics have it", async () => {
    expect(await readText("text/plain", utf16("Grüße"))).toBe("Grüße");
    expect(await readText("text/plain", bytes("\uFEFFGrüße"))).toBe("Grüße");
    expect(await readText("text/plain", Uint8Array.from([0x63, 0x61, 0x66, 0xe9]))).toBe("café");
  });

  test("have no character that PostgreSQL or JSON refuses, and no long gaps", () => {
    expect(tidyText("a\u0000b\u0007c\r\nd\re\uD800")).toBe("a b c\nd\ne\uFFFD");
    expect(tidyText(`a${" ".repeat(100)}b\n \n\n\n\tc`)).toBe(`a${" ".repeat(8)}b\n\n\tc`);
  });

  test("of PDF and Word give their text", async () => {
    expect(await readText("application/pdf", minimalPdf("Backups are kept for 35 days."))).toBe(
      "Backups are kept for 35 days.",
    );
    expect(await readText(WORD, minimalDocx("The Team plan costs 24 euros."))).toBe(
      "The Team plan costs 24 euros.",
    );
  });

  test("are read as the database gives them, too: in a Buffer", async () => {
    expect(await readText("application/pdf", Buffer.from(minimalPdf("Kept in a Buffer.")))).toBe(
      "Kept in a Buffer.",
    );
    expect(await readText(WORD, Buffer.from(minimalDocx("Kept in a Buffer.")))).toBe("Kept in a Buffer.");
  });

  test.each<[string, MediaType, Uint8Array, RegExp]>([
    ["a damaged PDF", "application/pdf", bytes("%PDF-1.7 broken"), /damaged/],
    ["an encrypted PDF", "application/pdf", minimalPdf("x", { encrypted: true }), /encrypted.*password/],
    ["a PDF without text", "application/pdf", minimalPdf(""), /no text/],
    ["an empty text", "text/plain", bytes(" \n\t"), /no text/],
    ["bytes that are no text", "text/plain", Uint8Array.from([1, 2, 3, 0]), /not text/],
    ["a damaged Word document", WORD, bytes("PK\u0003\u0004junk"), /damaged/],
    ["an encrypted Word document", WORD, compound, /encrypted/],
    [
      "a Word document that unpacks to gigabytes",
      WORD,
      minimalDocx("x".repeat(65_000_000), { claimedBytes: 1000 }),
      /unpacks to more than 64 MB/,
    ],
    ["a CSV with a quote that never ends", "text/csv", bytes('a,b\n"x,2\n'), /Quote/],
    [
      "a CSV that grows beyond measure",
      "text/csv",
      bytes(`${"a".repeat(80)}\n${"1\n".repeat(1_900_000)}`),
      /characters of text/,
    ],
    ["a page nested without end", "text/html", bytes("<div>".repeat(700_000)), /nested/],
    ["a page nested too deeply for the stack", "text/html", bytes("<div>".repeat(40_000)), /nested/],
    ["a file that is too large", "text/plain", new Uint8Array(4_000_001), /4 MB/],
  ])("that cannot be read say why: %s", async (_what, mediaType, content, reason) => {
    expect(await readDocument(mediaType, content)).toEqual({
      ok: false,
      reason: expect.stringMatching(reason) as string,
    });
  });
});
