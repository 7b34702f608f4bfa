import { expect, test } from "vitest";
import { parse } from "yaml";
import { outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { drawPath, type Stone } from "./draw-path.ts";
import { TEMPLATES } from "#/agents/definition/templates/templates.ts";

const draw = (name: string) =>
  drawPath(outlineDefinition(parse(TEMPLATES.find((one) => one.name === name)?.text ?? "")));
const byId = (stones: readonly Stone[]) => new Map(stones.map((stone) => [stone.id, stone]));

test("a path leads from its start at the left to its end at the right, models and people by looks of their own", () => {
  const { stones, width, height } = draw("Research with approval");
  expect(stones.map(({ id, look }) => [id, look])).toEqual([
    ["start", "start"],
    ["research", "model"],
    ["approve", "person"],
    ["write", "model"],
    ["end", "end"],
  ]);
  const xs = stones.map(({ x }) => x);
  expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  expect(stones.every(({ x, y }) => x > 0 && x < width && y > 0 && y < height)).toBe(true);
});

test("branches stand beside each other", () => {
  const stones = byId(draw("Triage a request").stones);
  expect(stones.get("paid")?.x).toBe(stones.get("answer")?.x);
  expect(stones.get("paid")?.y).not.toBe(stones.get("answer")?.y);
});

test("what a map does for each item lies in its frame, on the way", () => {
  const { stones, ways, frames } = draw("Answer a list of questions");
  expect(stones.map(({ id }) => id)).toEqual(["start", "answers/answer", "end"]);
  expect(ways).toHaveLength(2);
  expect(frames).toHaveLength(1);
});

test("a crew is one frame", () => {
  expect(draw("Crew of two").frames).toHaveLength(1);
});

test("what cannot be read is its two ends", () => {
  expect(drawPath(outlineDefinition(undefined)).stones.map(({ id }) => id)).toEqual(["start", "end"]);
});
