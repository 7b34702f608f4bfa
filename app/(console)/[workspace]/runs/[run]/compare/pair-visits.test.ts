import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { TimelineGroup } from "../timeline.ts";
import { pairVisits } from "./pair-visits.ts";

const visit = (step: string, output: unknown = null): TimelineGroup => ({
  key: step,
  step,
  status: "succeeded",
  durationMs: 1,
  tasks: [
    {
      taskId: `0.${step}`,
      live: undefined,
      tries: [
        {
          seq: 1,
          step,
          kind: "step",
          status: "succeeded",
          taskId: `0.${step}`,
          superstep: 0,
          attempt: 1,
          input: null,
          output,
          error: null,
          startedAt: null,
          durationMs: 1,
          model: null,
          inputTokens: 0,
          outputTokens: 0,
          costUsd: 0,
          reused: false,
          at: "2026-11-29T00:00:00.000Z",
        },
      ],
    },
  ],
});
const told = (one: readonly TimelineGroup[], other: readonly TimelineGroup[]) =>
  pairVisits(one, other).map(
    ({ key, one: ours, other: theirs, differences }) =>
      `${key}:${ours ? "a" : ""}${theirs ? "b" : ""}${differences.join()}`,
  );

test("the nth visit of a step is held against the nth, and says in which parts it differs", () => {
  const one = [visit("draft", "x"), visit("check"), visit("draft", "y")];
  const other = [visit("draft", "x"), visit("check"), visit("draft", "z")];
  expect(told(one, other)).toEqual(["draft 1:ab", "check 1:ab", "draft 2:aboutput"]);
});

test("a visit that one run alone has made stands where it was made", () => {
  expect(told([visit("a"), visit("c")], [visit("z"), visit("a"), visit("b"), visit("c")])).toEqual([
    "z 1:b",
    "a 1:ab",
    "b 1:b",
    "c 1:ab",
  ]);
  expect(told([visit("a"), visit("b")], [visit("a")])).toEqual(["a 1:ab", "b 1:a"]);
});

test("the order of the keys of an object is no difference", () => {
  expect(told([visit("a", { x: 1, y: 2 })], [visit("a", { y: 2, x: 1 })])).toEqual(["a 1:ab"]);
});

test("of any two runs every visit is told once, and the first run's keep their order", () => {
  const visits = fc.array(
    fc.constantFrom("a", "b", "c").map((step) => visit(step)),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(visits, visits, (one, other) => {
      const pairs = pairVisits(one, other);
      expect(pairs.flatMap((pair) => pair.one ?? [])).toEqual(one);
      expect(pairs.flatMap((pair) => pair.other ?? []).length).toBe(other.length);
      expect(new Set(pairs.map(({ key }) => key)).size).toBe(pairs.length);
    }),
  );
});
