import { describe, expect, test } from "vitest";
import { joinProblems } from "#/agents/definition/check/joins.ts";
import type { PlanEdge } from "#/agents/definition/plan/plan.ts";

const plain = (from: string | string[], to: string): PlanEdge => ({
  from: [from].flat(),
  when: [],
  otherwise: to,
});
const choice = (from: string, to: string, otherwise = "end"): PlanEdge => ({
  from: [from],
  when: [{ if: "true", to }],
  otherwise,
});
const pathsWith = (detours: Readonly<Record<string, string>>, ...edges: PlanEdge[]) =>
  joinProblems(edges, new Map(Object.entries(detours))).map((problem) => problem.path);
const paths = (...edges: PlanEdge[]) => pathsWith({}, ...edges);
const active = (from: string[], to: string): PlanEdge => ({ from, when: [], otherwise: to, join: "active" });

describe("a join", () => {
  test("of parallel steps is fine", () => {
    expect(paths(plain("start", "a"), plain("start", "b"), plain(["a", "b"], "c"))).toEqual([]);
  });

  test("never happens when a condition leads past one of its steps", () => {
    expect(paths(plain("start", "a"), choice("start", "b"), plain(["a", "b"], "c"))).toEqual([
      "/edges/2/from/1",
    ]);
  });

  test("never happens when the condition is some steps before", () => {
    expect(
      paths(
        plain("start", "a"),
        choice("start", "b"),
        plain("b", "c"),
        plain("c", "d"),
        plain(["a", "d"], "e"),
      ),
    ).toEqual(["/edges/4/from/1"]);
  });

  test("of the two sides of one condition never happens", () => {
    expect(paths(choice("start", "a", "b"), plain(["a", "b"], "c"))).toEqual([
      "/edges/1/from/0",
      "/edges/1/from/1",
    ]);
  });

  test("within one branch is fine", () => {
    expect(paths(choice("start", "r"), plain("r", "a"), plain("r", "b"), plain(["a", "b"], "c"))).toEqual([]);
  });

  test("after a loop is fine, because the loop is left at some time", () => {
    expect(
      paths(plain("start", "r"), choice("r", "r", "a"), plain("start", "b"), plain(["a", "b"], "c")),
    ).toEqual([]);
  });

  test("of a step that only a loop comes by is reported", () => {
    expect(
      paths(
        plain("start", "r"),
        plain("start", "b"),
        choice("r", "fix"),
        plain("fix", "r"),
        plain(["fix", "b"], "c"),
      ),
    ).toEqual(["/edges/4/from/0"]);
  });

  test("after a join depends on the first", () => {
    expect(
      paths(
        plain("start", "a"),
        plain("start", "b"),
        choice("start", "c"),
        plain(["b", "c"], "d"),
        plain(["a", "d"], "e"),
      ),
    ).toEqual(["/edges/3/from/1", "/edges/4/from/1"]);
  });

  test("of a step that an error may lead away from never happens", () => {
    expect(
      pathsWith(
        { a: "mend" },
        plain("start", "a"),
        plain("start", "b"),
        plain(["a", "b"], "c"),
        plain("mend", "d"),
      ),
    ).toEqual(["/edges/2/from/0"]);
  });

  test("behind a step whose error leads away, but back to the same way, is fine", () => {
    expect(
      pathsWith(
        { a: "mend" },
        plain("start", "a"),
        plain("start", "b"),
        plain("a", "x"),
        plain("mend", "x"),
        plain(["x", "b"], "c"),
      ),
    ).toEqual([]);
    expect(
      pathsWith(
        { a: "a2" },
        plain("start", "a"),
        plain("start", "b"),
        plain("a", "a2"),
        plain(["a2", "b"], "c"),
      ),
    ).toEqual([]);
  });

  test("that waits for those that were taken is fine, and what waits for it depends on it", () => {
    expect(paths(plain("start", "a"), choice("start", "b"), active(["a", "b"], "c"))).toEqual([]);
    expect(
      paths(
        choice("start", "a"),
        choice("start", "b"),
        plain("start", "d"),
        active(["a", "b"], "c"),
        plain(["c", "d"], "e"),
      ),
    ).toEqual(["/edges/4/from/0"]);
  });

  test("of which a step is tried again after an error is fine", () => {
    expect(
      pathsWith(
        { a: "mend" },
        plain("start", "a"),
        plain("start", "b"),
        plain("mend", "a"),
        plain(["a", "b"], "c"),
      ),
    ).toEqual([]);
  });

  test("to the end waits for nobody", () => {
    expect(paths(plain("start", "a"), choice("start", "b"), plain(["a", "b"], "end"))).toEqual([]);
  });

  test("is checked among any number of conditions that lead elsewhere", () => {
    const elsewhere = Array.from({ length: 60 }, (_, index) => choice("start", `s${index}`));
    expect(paths(...elsewhere, plain(["s0", "s1"], "joined"))).toEqual([
      "/edges/60/from/0",
      "/edges/60/from/1",
    ]);
  });

  test("is checked in part where too many conditions lead to it", () => {
    const chain = Array.from({ length: 40 }, (_, index) =>
      choice(index === 0 ? "start" : `s${index}`, `s${index + 1}`, `s${index + 2}`),
    );
    expect(() => paths(...chain, plain("start", "a"), plain(["a", "s40"], "joined"))).not.toThrow();
  });
});
