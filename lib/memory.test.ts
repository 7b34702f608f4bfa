import { expect, test } from "vitest";
import { Memory } from "#/lib/memory.ts";

test("a value is kept for its time and no longer", () => {
  const clock = { at: 0, now: () => clock.at };
  const memory = new Memory<number>({ keptMs: 100, most: 10, clock });
  memory.set("one", 1);
  clock.at = 99;
  expect(memory.get("one")).toBe(1);
  clock.at = 100;
  expect(memory.get("one")).toBeUndefined();
});

test("never more is kept than the most", () => {
  const memory = new Memory<number>({ keptMs: 100, most: 10, clock: { now: () => 0 } });
  for (let value = 0; value < 1_000; value += 1) {
    memory.set(String(value), value);
    expect(memory.entries().length).toBeLessThanOrEqual(10);
    expect(memory.get(String(value))).toBe(value);
  }
});

test("what is forgotten is gone, and the rest stays", () => {
  const memory = new Memory<number>({ keptMs: 100, most: 10 });
  memory.set("one", 1);
  memory.set("two", 2);
  memory.delete("one");
  expect(memory.entries()).toEqual([["two", 2]]);
});
