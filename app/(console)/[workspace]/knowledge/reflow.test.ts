import { expect, test } from "vitest";
import { reflow } from "./reflow.ts";

test("prose that was wrapped where it was written is one line a paragraph", () => {
  const written = `The harbour office answers requests for berths within two working
days. Whoever needs one earlier calls the duty officer, who may give a well-
known guest a berth at once.

The next paragraph begins anew, and stays apart from the one before.`;
  expect(reflow(written)).toBe(
    `The harbour office answers requests for berths within two working days. Whoever needs one earlier calls the duty officer, who may give a well-known guest a berth at once.

The next paragraph begins anew, and stays apart from the one before.`,
  );
});

test("an item of a list keeps its line, and what was wrapped in it joins it", () => {
  const written = `- The first item is long enough that somebody had to wrap it somewhere
  in the middle of its only sentence.
- The second item is of the same length, and it was never wrapped at all.
1. So is this one, which has a number and was not wrapped by anybody.`;
  expect(reflow(written).split("\n")).toEqual([
    "- The first item is long enough that somebody had to wrap it somewhere in the middle of its only sentence.",
    "- The second item is of the same length, and it was never wrapped at all.",
    "1. So is this one, which has a number and was not wrapped by anybody.",
  ]);
});

test.each([
  [
    "a table",
    "| Berth number and name | Length in metres, depth |\n| North quay, berth 1 | 24 metres long, 4 deep |",
  ],
  [
    "columns",
    "Berth number and its name    Length in metres\nNorth quay, berth number 1    24 metres and more",
  ],
  [
    "code",
    "const berths = await readBerths({ quay: quayOfTheNorth });\nconst first = berths.find(({ isFree }) => isFree === true);",
  ],
  [
    "a fence",
    "```\nberths are listed here by the length of the ships that fit\nand nothing in here is changed by anybody who reads it\n```",
  ],
  [
    "a log",
    "2026-11-30 10:00:00 the berth was given to the ship Aurora\n2026-11-30 10:05:00 the ship Aurora has left the berth again",
  ],
  ["an address", "Harbour Office\nNorth Quay 1\n20457 Hamburg"],
  [
    "a heading",
    "# The rules of the harbour, as of the first of November\nWhoever comes in by night shows a light.",
  ],
  [
    "lines that were ended on purpose",
    "Whoever comes in by night has to show a light,  \nand whoever leaves has to tell the office.",
  ],
])("%s stays as it is", (_what, text) => {
  expect(reflow(text)).toBe(text);
});
