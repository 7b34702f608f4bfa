import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { labelKeys } from "./press.ts";
import { type Shortcut, SHORTCUTS, WHERE, type Where } from "./shortcuts.ts";

const writeKeys = (keys: string) =>
  labelKeys(keys, false)
    .map((label) => (label === "Ctrl" && keys.startsWith("Mod") ? "`Ctrl`/`⌘`" : `\`${label}\``))
    .join(" ");

const writeLine = ({ keys, does }: Shortcut) =>
  `| ${keys.map((press) => writeKeys(press)).join(" or ")} | ${does} |`;

/** The part of the manual that lists keys, as the table has them. */
const writeManual = (): string =>
  Object.entries(WHERE)
    .map(([where, name]) => {
      const lines = SHORTCUTS.filter((shortcut: { readonly where: Where }) => shortcut.where === where);
      return [`### ${name}`, "| key | does |", "|---|---|", ...lines.map((line) => writeLine(line)), ""].join(
        "\n",
      );
    })
    .join("\n");

test("the manual lists every key, and no other", () => {
  const manual = readFileSync("docs/keyboard.md", "utf8");
  expect(manual.slice(manual.indexOf("### "))).toBe(writeManual());
});
