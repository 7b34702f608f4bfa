import { expect, test } from "vitest";
import { detectImageType } from "#/lib/documents/image-type.ts";

test.each([
  ["\x89PNG\r\n\x1a\nrest", "image/png"],
  ["\xff\xd8\xff\xe0rest", "image/jpeg"],
  ["GIF89a", "image/gif"],
  ["RIFF\0\0\0\0WEBPVP8 ", "image/webp"],
  ["RIFF\0\0\0\0WAVEfmt ", undefined],
  ["GIF is a format", undefined],
  ["", undefined],
])("an image is known by its first bytes: %j is %s", (bytes, type) => {
  expect(detectImageType(Buffer.from(bytes, "latin1"))).toBe(type);
});
