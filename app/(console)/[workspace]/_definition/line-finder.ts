import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** Finds the line (1-based) of a JSON pointer in YAML or JSON. What is missing is looked for where it should be: at the nearest key above it. */
export function lineFinder(text: string): (pointer: string) => number | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  return (pointer) => {
    const offset = findOffset(document.contents, splitPointer(pointer));
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };
}

function splitPointer(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

interface Located {
  readonly offset: number | undefined;
  readonly node: unknown;
}

function findOffset(root: unknown, keys: readonly string[]): number | undefined {
  let place: Located = { offset: undefined, node: root };
  for (const key of keys) {
    const child = findChild(place.node, key);
    if (!child) break;
    place = child;
  }
  return place.offset;
}

/** A value is where its key is: what a key holds may start lines below it. */
function findChild(node: unknown, key: string): Located | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? undefined : { offset: readStart(item), node: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key: name }) => isScalar(name) && String(name.value) === key);
  return pair && { offset: readStart(pair.key), node: pair.value };
}

function readStart(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range))
    return undefined;
  return typeof node.range[0] === "number" ? node.range[0] : undefined;
}
