import { expect, test } from "vitest";
import { listRows, type Row } from "./rows.ts";
import type { Span } from "./span.ts";
import { moveInTree } from "./tree-keys.ts";

const span = (key: string, children: readonly Span[] = []): Span => ({
  key,
  name: key,
  note: undefined,
  status: "succeeded",
  time: undefined,
  bars: [],
  children,
  subject: { kind: "loop" },
});

const rows = (open: boolean): readonly Row[] =>
  listRows([span("a", [span("a1"), span("a2")]), span("b")], {
    chosen: new Map([["a", open]]),
    opensAll: true,
    inside: new Map(),
  });

test("down and up go from line to line, and begin at the first", () => {
  expect(moveInTree("timeline.next", rows(true), undefined)).toEqual({ kind: "select", key: "a" });
  expect(moveInTree("timeline.next", rows(true), "a")).toEqual({ kind: "select", key: "a1" });
  expect(moveInTree("timeline.previous", rows(true), "b")).toEqual({ kind: "select", key: "a2" });
  expect(moveInTree("timeline.next", rows(true), "b")).toBe(undefined);
  expect(moveInTree("timeline.last", rows(true), "a")).toEqual({ kind: "select", key: "b" });
});

test("right opens and goes in, left closes and goes out, Enter reads", () => {
  expect(moveInTree("timeline.in", rows(false), "a")).toEqual({ kind: "toggle", key: "a", open: true });
  expect(moveInTree("timeline.in", rows(true), "a")).toEqual({ kind: "select", key: "a1" });
  expect(moveInTree("timeline.out", rows(true), "a2")).toEqual({ kind: "select", key: "a" });
  expect(moveInTree("timeline.out", rows(true), "a")).toEqual({ kind: "toggle", key: "a", open: false });
  expect(moveInTree("timeline.read", rows(true), "a2")).toEqual({ kind: "enter", key: "a2" });
});

test("what is closed is not in the way, and a failure below opens what holds it", () => {
  expect(rows(false).map(({ key }) => key)).toEqual(["a", "b"]);
  const failing = listRows([span("a", [{ ...span("a1"), status: "failed" }])], {
    chosen: new Map(),
    opensAll: false,
    inside: new Map(),
  });
  expect(failing.map(({ key }) => key)).toEqual(["a", "a1"]);
});
