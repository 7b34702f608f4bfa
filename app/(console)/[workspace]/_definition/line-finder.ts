import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** Finds the line (1-based) of a JSON pointer in YAML or JSON. What is missing is looked for where it should be: at the nearest key above it. */
export function lineFinder(text: string): (pointer: string) => number | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  return (pointer) => {
    const offset = offsetOf(document.contents, keysOf(pointer));
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };
}

function keysOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

interface Place {
  readonly offset: number | undefined;
  readonly node: unknown;
}

function offsetOf(root: unknown, keys: readonly string[]): number | undefined {
  let place: Place = { offset: undefined, node: root };
  for (const key of keys) {
    const child = childOf(place.node, key);
    if (!child) break;
    place = child;
  }
  return place.offset;
}

/** A value is where its key is: what a key holds may start lines below it. */
function childOf(node: unknown, key: string): Place | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? undefined : { offset: startOf(item), node: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key: name }) => isScalar(name) && String(name.value) === key);
  return pair && { offset: startOf(pair.key), node: pair.value };
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range))
    return undefined;
  return typeof node.range[0] === "number" ? node.range[0] : undefined;
}
