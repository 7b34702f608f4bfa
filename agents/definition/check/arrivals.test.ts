import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseText } from "#/agents/definition/format/parse.ts";
import { validateDefinition } from "#/agents/definition/check/validate.ts";

const base = { format: "cairn/v1", name: "x", kind: "graph" };
const set = { type: "set", values: { x: 1 } };
type Edge = Readonly<Record<string, unknown>>;
const edge = (from: string | string[], to: string, join?: string): Edge => ({
  from,
  to,
  ...(join !== undefined && { join }),
});
const choice = (from: string, to: string, otherwise = "end"): Edge => ({
  from,
  when: [{ if: "true", to }],
  else: otherwise,
});

function listWarnings(document: unknown) {
  const checked = validateDefinition(document, { tools: ["knowledge_search", "http_request", "calculator"] });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.warnings;
}

function warned(edges: readonly Edge[], detours: Readonly<Record<string, string>> = {}) {
  const ids = new Set(
    edges.flatMap(({ from, to, when, else: otherwise }) =>
      [from, to, otherwise, ...(Array.isArray(when) ? when.map((branch: { to: string }) => branch.to) : [])]
        .flat()
        .filter((id) => typeof id === "string"),
    ),
  );
  for (const fixed of ["start", "end"]) ids.delete(fixed);
  const steps = Object.fromEntries(
    [...ids].map((id) => [id, detours[id] === undefined ? set : { ...set, onError: { goto: detours[id] } }]),
  );
  return listWarnings({ ...base, steps, edges }).map(({ path }) => path);
}

const long = [edge("start", "a"), edge("a", "b"), choice("a", "c"), edge("c", "c2")];

describe("a step that several branches reach", () => {
  test("is warned of, with what to write for once and for once each", () => {
    const warnings = listWarnings({
      ...base,
      steps: { a: set, b: set, c: set, c2: set, send: set },
      edges: [...long, edge("b", "send"), edge("c2", "send"), edge("send", "end")],
    });
    expect(warnings).toMatchObject([{ path: "/steps/send" }]);
    expect(warnings[0]?.message).toMatch(/\{from: \[(b, c2|c2, b)\], to: send, join: active\}.*join: each/);
  });

  test.each(["active", "each"])("is said to be meant by join: %s", (join) => {
    expect(warned([...long, edge(["b", "c2"], "send", join)])).toEqual([]);
  });

  test("of different sides of one condition is reached once", () => {
    expect(warned([choice("start", "a", "b"), edge("a", "c"), edge("b", "c")])).toEqual([]);
    expect(
      warned([
        edge("start", "x"),
        edge("start", "r"),
        choice("r", "a", "b"),
        edge("a", "c"),
        edge("b", "c"),
        edge(["c", "x"], "d"),
      ]),
    ).toEqual([]);
  });

  test("in a loop is reached once at a time", () => {
    expect(warned([edge("start", "write"), edge("write", "review"), choice("review", "write")])).toEqual([]);
  });

  test("by an error is reached once", () => {
    expect(warned([edge("start", "a"), edge("a", "b"), edge("mend", "b")], { a: "mend" })).toEqual([]);
    expect(
      warned([edge("start", "a"), edge("start", "c"), edge("a", "b"), edge("c", "b")], { a: "b" }),
    ).toEqual(["/steps/b"]);
  });

  test("behind a join is reached once", () => {
    expect(
      warned([
        edge("start", "a"),
        edge("start", "b"),
        edge(["a", "b"], "c"),
        choice("c", "d", "e"),
        edge("d", "f"),
        edge("e", "f"),
      ]),
    ).toEqual([]);
    expect(
      warned([
        edge("start", "a"),
        edge("start", "b"),
        choice("start", "b2"),
        edge(["a", "b", "b2"], "c", "active"),
        choice("c", "d", "e"),
        edge("d", "f"),
        edge("e", "f"),
      ]),
    ).toEqual([]);
  });

  test("by a join and past it is reached twice", () => {
    expect(
      warned([
        edge("start", "a"),
        edge("start", "b"),
        edge("start", "c"),
        edge(["a", "b"], "d"),
        edge("c", "d"),
      ]),
    ).toEqual(["/steps/d"]);
    expect(
      warned([
        edge("start", "a"),
        edge("start", "b"),
        edge("start", "c"),
        edge(["a", "b"], "d", "active"),
        edge("c", "d"),
      ]),
    ).toEqual(["/steps/d"]);
  });

  test("is warned of where the branches meet, and not again behind it", () => {
    expect(
      warned([
        edge("start", "a"),
        edge("start", "b"),
        edge("a", "c"),
        edge("b", "c"),
        choice("c", "d", "e"),
        edge("d", "f"),
        edge("e", "f"),
      ]),
    ).toEqual(["/steps/c"]);
  });

  test("inside a map is warned of at its place", () => {
    const body = {
      steps: { a: set, b: set, c: set },
      edges: [edge("start", "a"), edge("start", "b"), edge("a", "c"), edge("b", "c")],
    };
    expect(
      listWarnings({
        ...base,
        steps: { m: { type: "map", items: [1], do: body } },
        edges: [edge("start", "m")],
      }),
    ).toMatchObject([{ path: "/steps/m/do/steps/c" }]);
  });

  test("is looked for among 500 steps in less than a second", () => {
    const chains = Array.from({ length: 10 }, (_, lane) =>
      Array.from({ length: 49 }, (__, index) =>
        edge(index === 0 ? "start" : `s${lane}_${index}`, `s${lane}_${index + 1}`),
      ),
    ).flat();
    const startedAt = performance.now();
    expect(warned([...chains, edge("s0_49", "z"), edge("s1_49", "z")])).toEqual(["/steps/z"]);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});

test.each(readdirSync("local/seed/workflows"))("%s, which ships, runs every step once", (file) => {
  const parsed = parseText(readFileSync(`local/seed/workflows/${file}`, "utf8"));
  expect(listWarnings(parsed.ok && parsed.document)).toEqual([]);
});
