import { expect, test } from "vitest";
import { drawAvatar } from "#/local/identity/avatar.ts";

const read = (url: string) => Buffer.from(url.split(",")[1] ?? "", "base64").toString();
const letterOf = (name: string) => /<text[^>]*>(.*)<\/text>/.exec(read(drawAvatar(name, "u")))?.[1];

test("shows the first letter of a name in any alphabet, and nothing of a name that could be read as markup", () => {
  expect(["ada@cairn.local", "Ölhafen", "<b>", " 東京", "?!"].map(letterOf)).toEqual([
    "A",
    "Ö",
    "B",
    "東",
    "",
  ]);
});

test("the colour belongs to the id and not to the name", () => {
  const colorOf = (name: string, id: string) => /oklch\([^)]*\)/.exec(read(drawAvatar(name, id)))?.[0];
  expect(colorOf("Ada", "user_1")).toBe(colorOf("Grace", "user_1"));
  const colors = new Set(Array.from({ length: 40 }, (_, index) => colorOf("Ada", `user_${index}`)));
  expect(colors.size).toBeGreaterThan(4);
});
