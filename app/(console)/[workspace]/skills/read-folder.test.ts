import { expect, test } from "vitest";
import { readFolder } from "./read-folder.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const file = (path: string, bytes: Uint8Array) => ({ path, size: bytes.length, bytes: async () => bytes });

test("a chosen folder gives the texts beside its SKILL.md, without what systems put there", async () => {
  const chosen = [
    file("rules/SKILL.md", encode("head")),
    file("rules/references/tax.md", encode("19 %")),
    file("rules/.git/config", encode("x")),
    file("rules/.DS_Store", new Uint8Array([0])),
  ];
  expect(await readFolder(chosen)).toEqual({
    ok: true,
    files: { "SKILL.md": "head", "references/tax.md": "19 %" },
  });
});

const head = file("a/SKILL.md", encode("head"));
test.each([
  ["without a SKILL.md", [file("a/README.md", encode("x"))], "There is no SKILL.md"],
  ["with a picture", [head, file("a/logo.png", new Uint8Array([0x89, 0x50, 0]))], "“logo.png” is no text"],
  ["with a name that no path has", [head, file("a/ümlaut.md", encode("x"))], "is no path"],
  ["of too many files", [head, ...Array.from({ length: 100 }, (_, n) => file(`a/${n}`, encode("x")))], "101"],
])("a folder %s is refused with the reason", async (_what, chosen, reason) => {
  expect(await readFolder(chosen)).toMatchObject({
    ok: false,
    problem: expect.stringContaining(reason) as string,
  });
});

test("a folder that is too large is not read", async () => {
  const huge = { path: "a/log.txt", size: 5_000_000_000, bytes: () => expect.unreachable() };
  expect(await readFolder([head, huge])).toMatchObject({ ok: false });
});
