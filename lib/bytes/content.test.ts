import { gzipSync, deflateRawSync, brotliCompressSync } from "node:zlib";
import { assert, asyncProperty, property, string, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { readContent } from "#/lib/bytes/content.ts";
import { readContentType } from "#/lib/bytes/content-type.ts";
import { unpack } from "#/lib/bytes/inflate.ts";

const hex = (digits: string) => new Uint8Array(Buffer.from(digits, "hex"));
const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const GBK = hex("c4e3bac3a3accac0bde7a1a3b8d0d0bbc4fab5c4b6a9b9baa1a3");
const WORLD = "你好，世界。感谢您的订购。";
const PNG = hex("89504e470d0a1a0a0000000d49484452");

describe("a body", () => {
  test.each<[string, Uint8Array, string | undefined, string]>([
    ["UTF-8 without a word", utf8("Grüße"), undefined, "Grüße"],
    ["a byte order mark, against the header", utf8("\uFEFFGrüße"), "text/plain; charset=iso-8859-1", "Grüße"],
    ["UTF-16 with its mark", new Uint8Array(Buffer.from("\uFEFFGrüße", "utf16le")), "text/plain", "Grüße"],
    [
      "UTF-16 by its header",
      new Uint8Array(Buffer.from("Grüße", "utf16le")),
      'text/plain; charset="utf-16le"',
      "Grüße",
    ],
    ["GBK by its header", GBK, "text/plain; charset=GBK", WORLD],
    ["GBK by its statistics, against a header that lies", GBK, "text/plain; charset=utf-8", WORLD],
    ["Latin-1 by its statistics", latin1("café"), "text/plain", "café"],
    [
      "a page by its meta tag",
      new Uint8Array(Buffer.concat([Buffer.from('<meta charset="gbk"><p>'), GBK])),
      "text/html",
      `<meta charset="gbk"><p>${WORLD}`,
    ],
    [
      "JSON that only speaks of a meta tag",
      utf8('{"page":"<meta charset=gbk>你好"}'),
      "application/json",
      '{"page":"<meta charset=gbk>你好"}',
    ],
    ["text of a server that has no type for it", utf8("a,b\n1,2"), "application/octet-stream", "a,b\n1,2"],
    ["nothing", new Uint8Array(), "image/png", ""],
  ])("that is text is read in its encoding: %s", (_what, bytes, contentType, text) => {
    expect(readContent(bytes, contentType)).toBe(text);
  });

  test.each<[string, Uint8Array, string | undefined, string]>([
    ["a picture", PNG, "image/png", "image/png"],
    ["a picture that is called text", PNG, "text/plain", "application/octet-stream"],
    ["a picture without a type", PNG, undefined, "application/octet-stream"],
    [
      "a JPEG without a NUL",
      hex("ffd8ffe0104a46494601"),
      "application/octet-stream",
      "application/octet-stream",
    ],
    ["Latin-1 of a type that may be anything", latin1("café"), "application/x-thing", "application/x-thing"],
    ["controls", hex("0102030405060708"), "text/plain", "application/octet-stream"],
  ])("that is not text stays bytes: %s", (_what, bytes, contentType, type) => {
    expect(readContent(bytes, contentType)).toMatchObject({
      contentType: type,
      bytes: bytes.length,
      base64: Buffer.from(bytes).toString("base64"),
    });
  });

  test("is never half read: whatever the bytes are, they are text without replacement characters, or all there", () => {
    assert(
      property(uint8Array({ maxLength: 200 }), (bytes) => {
        const content = readContent(bytes, "text/plain");
        const isWhole =
          typeof content === "string"
            ? !content.includes("\uFFFD")
            : Buffer.from(content.base64, "base64").equals(bytes);
        expect(isWhole).toBe(true);
      }),
    );
  });

  test("that is UTF-8 comes out as it went in", () => {
    assert(
      property(string({ unit: "grapheme" }), (text) => {
        expect(readContent(utf8(`text ${text}`), "text/plain; charset=utf-8")).toBe(`text ${text}`);
      }),
    );
  });
});

describe("a Content-Type", () => {
  test.each([
    ['Text/HTML;Charset="UTF-8"', { mediaType: "text/html", charset: "UTF-8" }],
    ["text/plain; format=flowed; charset=gbk; x=y", { mediaType: "text/plain", charset: "gbk" }],
    [undefined, { mediaType: "", charset: undefined }],
  ])("is read: %s", (header, read) => expect(readContentType(header)).toEqual(read));
});

describe("a Content-Encoding", () => {
  test("is undone, last first", async () => {
    const twice = brotliCompressSync(gzipSync("hello"));
    expect(await unpack(twice, "gzip, br", 100)).toEqual({ ok: true, bytes: Buffer.from("hello") });
    expect(await unpack(deflateRawSync("hello"), "deflate", 100)).toEqual({
      ok: true,
      bytes: Buffer.from("hello"),
    });
  });

  test("never unpacks beyond the limit", async () => {
    expect(await unpack(gzipSync(new Uint8Array(50_000_000)), "gzip", 1_000)).toEqual({
      ok: false,
      because: "too-large",
      encoding: "gzip",
    });
  });

  test("that is not so is said", async () => {
    await assert(
      asyncProperty(uint8Array({ minLength: 1, maxLength: 40 }), async (bytes) => {
        const unpacked = await unpack(bytes, "gzip", 1_000);
        expect(unpacked.ok ? "ok" : unpacked.because).toBe("damaged");
      }),
      { numRuns: 30 },
    );
    expect(await unpack(utf8("x"), "lzma", 10)).toMatchObject({ because: "unknown-encoding" });
  });
});
