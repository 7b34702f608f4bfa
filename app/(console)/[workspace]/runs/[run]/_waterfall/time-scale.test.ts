import { array, assert, boolean, constantFrom, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import type { Bar, Span } from "./span.ts";
import { listTicks, makeTimeScale } from "./time-scale.ts";

const toSpan = (bar: Bar): Span => ({
  key: `${bar.look}-${bar.from}`,
  name: "step",
  note: undefined,
  status: "succeeded",
  time: bar,
  bars: [bar],
  children: [],
  subject: { kind: "step", step: "step" },
});

const arbitraryBar = record({
  look: constantFrom("work", "model", "person", "time" as const),
  from: integer({ min: 0, max: 100_000_000 }),
  lasts: integer({ min: 0, max: 10_000_000 }),
}).map(({ look, from, lasts }): Bar => ({ look, from, to: from + lasts }));

test("the axis never goes back and never leaves its lane, folded or not", () => {
  assert(
    property(
      array(arbitraryBar, { minLength: 1, maxLength: 20 }),
      boolean(),
      boolean(),
      (bars, folds, grows) => {
        const { place, parts } = makeTimeScale(
          bars.map((bar) => toSpan(bar)),
          { folds, grows },
        );
        const moments = bars.flatMap(({ from, to }) => [from, to]).toSorted((a, b) => a - b);
        const places = moments.map((moment) => place(moment));
        expect(places.every((one) => one >= 0 && one <= 1)).toBe(true);
        expect(places.every((one, index) => index === 0 || one >= (places[index - 1] ?? 0) - 1e-9)).toBe(
          true,
        );
        expect(parts.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(1);
      },
    ),
  );
});

test.each([[[]], [[{ look: "work", from: 7, to: 7 }]]] satisfies Bar[][][])(
  "a run that has only just begun has an axis: %j",
  (bars) => {
    const { place, parts } = makeTimeScale(
      bars.map((bar) => toSpan(bar)),
      { folds: true, grows: false },
    );
    expect(parts).toMatchObject([{ left: 0, width: 1 }]);
    expect(place(bars[0]?.from ?? 0)).toBe(0);
  },
);

test("a long wait is folded and its true length is written; work keeps its proportion", () => {
  const bars: readonly Bar[] = [
    { look: "work", from: 0, to: 10_000 },
    { look: "person", from: 10_000, to: 3_610_000 },
    { look: "work", from: 3_610_000, to: 3_615_000 },
  ];
  const scale = makeTimeScale(
    bars.map((bar) => toSpan(bar)),
    { folds: true, grows: false },
  );
  expect(scale.parts.map(({ folded }) => folded)).toEqual([false, true, false]);
  const [first, , last] = scale.parts;
  expect((first?.width ?? 0) / (last?.width ?? 1)).toBeCloseTo(2);
  expect(listTicks(scale).filter(({ folded }) => folded)).toMatchObject([{ ms: 3_600_000 }]);
  const whole = makeTimeScale(
    bars.map((bar) => toSpan(bar)),
    { folds: false, grows: false },
  );
  expect(whole.parts.map(({ folded }) => folded)).toEqual([false]);
});

test("time that passes does not move what is drawn until the axis is full", () => {
  const at = (now: number) =>
    makeTimeScale([toSpan({ look: "live", from: 0, to: now })], { folds: true, grows: true }).place(5_000);
  expect(at(10_500)).toBe(at(14_900));
});
