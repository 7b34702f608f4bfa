import { expect, test } from "vitest";
import { TextOrder } from "#/operations/runs/live/text-order.ts";

const piece = (offset: number, text: string, epoch = 1) => ({ taskId: "t", epoch, offset, text });
const told = (order: TextOrder, ...pieces: ReturnType<typeof piece>[]) =>
  pieces.flatMap((it) => order.take(it) ?? []).map(({ offset, text }) => [offset, text]);

test("lets each piece through once", () => {
  const order = new TextOrder({ isUnbroken: false });
  expect(told(order, piece(0, "one "), piece(0, "one "), piece(4, "two"), piece(0, "one two three"))).toEqual(
    [
      [0, "one "],
      [4, "two"],
      [7, " three"],
    ],
  );
});

test("keeps silent after a hole, until the text begins anew", () => {
  const order = new TextOrder({ isUnbroken: false });
  expect(
    told(order, piece(0, "one "), piece(8, "three"), piece(4, "two "), piece(0, "1 ", 2), piece(2, "2", 2)),
  ).toEqual([
    [0, "one "],
    [0, "1 "],
    [2, "2"],
  ]);
});

test("misses the beginning of a text that has begun before its eyes", () => {
  const order = new TextOrder({ isUnbroken: true });
  order.begin({ taskId: "t", epoch: 1 });
  expect(told(order, piece(4, "two"))).toEqual([]);
});

test("lets nothing of an overtaken attempt through", () => {
  const order = new TextOrder({ isUnbroken: false });
  expect(told(order, piece(0, "old"), piece(0, "new", 2), piece(3, " words"))).toEqual([
    [0, "old"],
    [0, "new"],
  ]);
});

test("continues in the middle of a text only for who has read what comes before", () => {
  expect(told(new TextOrder({ isUnbroken: true }), piece(4, "two"), piece(7, " three"))).toEqual([
    [4, "two"],
    [7, " three"],
  ]);
  expect(told(new TextOrder({ isUnbroken: false }), piece(4, "two"), piece(7, " three"))).toEqual([]);
  const lost = new TextOrder({ isUnbroken: true });
  lost.lose();
  expect(told(lost, piece(4, "two"))).toEqual([]);
});
