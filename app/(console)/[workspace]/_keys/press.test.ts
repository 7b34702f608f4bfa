import { expect, test } from "vitest";
import { findShortcuts, labelKeys, type Press, readPress, readShortcut, bindForEditor } from "./press.ts";
import { type Shortcut, SHORTCUTS } from "./shortcuts.ts";

const press = (key: string, held: Partial<Press> = {}): Press => ({
  key,
  code: "",
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

test("Mod is ⌘ on Apple’s machines and Ctrl elsewhere; the other one stays with the system and the editor", () => {
  expect(readPress(press("k", { ctrlKey: true }), false)).toBe("Mod+K");
  expect(readPress(press("k", { metaKey: true }), true)).toBe("Mod+K");
  expect(readPress(press("k", { ctrlKey: true }), true)).toBe(undefined);
  expect(readPress(press("k", { metaKey: true }), false)).toBe(undefined);
});

test("a letter is its key whatever the lock of capitals is, a sign is what it comes to", () => {
  expect(readPress(press("J"), false)).toBe("J");
  expect(readPress(press("N", { shiftKey: true }), false)).toBe("Shift+N");
  expect(readPress(press("?", { shiftKey: true }), false)).toBe("?");
  expect(readPress(press("/", { shiftKey: true }), false)).toBe("/");
  expect(readPress(press("Z", { shiftKey: true, ctrlKey: true }), false)).toBe("Mod+Shift+Z");
  expect(readPress(press("Enter", { shiftKey: true }), false)).toBe("Shift+Enter");
  expect(readPress(press("+", { shiftKey: true }), false)).toBe("Plus");
});

test("on a keyboard without Latin letters a key is the letter of its place", () => {
  expect(readPress(press("л", { code: "KeyK", ctrlKey: true }), false)).toBe("Mod+K");
  expect(readPress(press("é", { code: "Digit2" }), false)).toBe("É");
});

test("keys that make other signs, and keys that are held alone, mean nothing", () => {
  expect(readPress(press("@", { altKey: true, ctrlKey: true }), false)).toBe(undefined);
  expect(readPress(press("Shift", { shiftKey: true }), false)).toBe(undefined);
});

test("a part of a page reads its own keys only", () => {
  expect(readShortcut(press("ArrowDown"), "timeline")).toBe("timeline.next");
  expect(readShortcut(press("ArrowDown"), "bar")).toBe("bar.next");
  expect(readShortcut(press("j"), "timeline")).toBe(undefined);
});

test("keys are told in the words of the machine, and to the editor in its own", () => {
  expect(labelKeys("Mod+Shift+Z", true)).toEqual(["⌘", "⇧", "Z"]);
  expect(labelKeys("G R", false)).toEqual(["G", "R"]);
  expect(bindForEditor("studio.redo", () => undefined).map(({ key }) => key)).toEqual([
    "Mod-Shift-z",
    "Mod-y",
  ]);
});

/** Places that are there at the same time; `everywhere` is with each. */
const TOGETHER: readonly ReadonlySet<string>[] = [
  new Set(["everywhere", "inbox"]),
  new Set(["everywhere", "runs"]),
  new Set(["everywhere", "run"]),
  new Set(["everywhere", "studio"]),
];

test.each(TOGETHER)("no key means two things at once (%o)", (places) => {
  const keys = SHORTCUTS.filter(({ where }) => places.has(where)).flatMap(
    (shortcut: Shortcut) => shortcut.keys,
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test("the second key of a sequence is found with the first only", () => {
  expect(findShortcuts("G K").map(({ id }) => id)).toEqual(["go:knowledge"]);
  expect(findShortcuts("K").map(({ id }) => id)).not.toContain("go:knowledge");
});
