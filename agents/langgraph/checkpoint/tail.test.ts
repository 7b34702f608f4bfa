import { array, assert, boolean, jsonValue, oneof, property } from "fast-check";
import { expect, test } from "vitest";
import type { BlobRow } from "#/agents/langgraph/checkpoint/store.ts";
import { asStored } from "#/agents/langgraph/checkpoint/tail.ts";

const blob = (version: string, value: unknown): BlobRow => ({
  checkpoint_ns: "",
  channel: "c",
  version,
  type: "json",
  value: JSON.stringify(value),
});
const long = "x".repeat(300);

test("stores what was appended to a list, and where the list was last stored whole", () => {
  const first = blob("1", [long]);
  expect(asStored(blob("2", [long, "two"]), first)).toEqual({
    ...first,
    version: "2",
    value: ',"two"]',
    base: "1",
  });
  expect(asStored(blob("3", [long, "two", 3]), { ...blob("2", [long, "two"]), base: "1" })).toMatchObject({
    value: ",3]",
    base: "1",
  });
});

test("stores a value whole that is short, changed, emptied, or LangGraph's own", () => {
  for (const [before, after] of [
    [[1], [1, 2]],
    [
      [long, 1],
      [long, 2, 3],
    ],
    [[long], []],
    [[long], null],
  ]) {
    expect(asStored(blob("2", after), blob("1", before))).toEqual(blob("2", after));
  }
  const delta = { ...blob("1", [long]), type: "delta" };
  expect(asStored({ ...blob("2", [long, 1]), type: "delta" }, delta)).not.toHaveProperty("base");
  expect(asStored(blob("2", [long]), undefined)).toEqual(blob("2", [long]));
});

test("gives every value back, whatever follows what", () => {
  const values = array(oneof(array(jsonValue()), jsonValue()), { minLength: 1, maxLength: 8 });
  assert(
    property(values, boolean(), (steps, isAppending) => {
      const all = isAppending
        ? steps.map((_, index) => [long, ...steps.slice(0, index)])
        : steps.map((step) => [long, step]);
      const stored: BlobRow[] = [];
      let before: BlobRow | undefined;
      for (const [index, value] of all.entries()) {
        const row = asStored(blob(String(index + 1), value), before);
        stored.push(row);
        before = { ...row, value: JSON.stringify(value) };
        expect(readChain(row, stored)).toBe(JSON.stringify(value));
      }
    }),
  );
});

/** As app.blob_text does it. */
function readChain(row: BlobRow, stored: readonly BlobRow[]): string | null {
  if (row.base === undefined) return row.value;
  const chain = stored.filter(
    (other) =>
      other.version === row.base || (other.base === row.base && Number(other.version) <= Number(row.version)),
  );
  return chain.map(({ value }, index) => (index === chain.length - 1 ? value : value?.slice(0, -1))).join("");
}
