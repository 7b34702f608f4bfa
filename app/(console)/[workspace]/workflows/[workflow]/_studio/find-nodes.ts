import { textsOf } from "#/agents/steps/texts.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import { toLabel } from "#/lib/label.ts";
import type { FlowGraph, FlowNode } from "../../../_canvas/flow-graph.ts";
import { placeNodes } from "../../../_canvas/layout.ts";
import { nameNote } from "../../../_canvas/notes.ts";
import { keysOfPointer, valueAtPointer } from "../../../_canvas/pointer.ts";

/** A text of a node, by the name of the field that it stands in. */
interface FieldText {
  readonly field: string;
  readonly text: string;
}

/** A node of the canvas with every text that it can be found by. */
export interface FindableNode {
  readonly id: string;
  readonly title: string;
  readonly texts: readonly FieldText[];
}

/** A node that was found, and the place where. */
export interface FoundNode {
  readonly id: string;
  readonly title: string;
  readonly field: string;
  /** What is around the first word there, in one line. */
  readonly excerpt: string;
}

/** Lists what can be found on a canvas, in the order in which it is read: from the top down, in a row from the left. */
export function listFindable(graph: FlowGraph, document: unknown): readonly FindableNode[] {
  const boxes = placeNodes(graph);
  const placeOf = ({ id, map }: FlowNode) => {
    const [own, around] = [boxes.get(id), map === undefined ? undefined : boxes.get(map)];
    return { x: (own?.x ?? 0) + (around?.x ?? 0), y: (own?.y ?? 0) + (around?.y ?? 0) };
  };
  const steps = graph.nodes.map((node) => ({ ...placeOf(node), found: describeStep(node, document) }));
  const notes = graph.notes.map(({ id, text, x, y }) => ({
    x,
    y,
    found: { id: nameNote(id), title: "Note", texts: [{ field: "Text", text }] },
  }));
  return [...steps, ...notes].toSorted((a, b) => a.y - b.y || a.x - b.x).map(({ found }) => found);
}

function describeStep(node: FlowNode, document: unknown): FindableNode {
  const { id, title, type, exits } = node;
  const name = id.slice(id.indexOf("/") + 1);
  return {
    id,
    title,
    texts: [
      { field: "Name", text: name },
      { field: "Title", text: title },
      { field: "Type", text: `${type} ${textsOf(type)?.name ?? ""}`.trim() },
      ...listFields(node, document),
      ...exits.map(({ label, condition = "" }) => ({
        field: "Leads to",
        text: `${label} ${condition}`.trim(),
      })),
    ],
  };
}

/** Of a direct call, the parts of the definition that its one step does not have. */
const OF_DEFINITION: ReadonlySet<string> = new Set(["format", "name", "kind", "input", "ui", "toolPins"]);
/** What a frame holds has nodes of its own. */
const OF_FRAME: ReadonlySet<string> = new Set(["do", "tasks"]);

function listFields({ path, kind, isFrame }: FlowNode, document: unknown): readonly FieldText[] {
  const isDirect = kind === "step" && valueAtPointer(document, "/kind") === "direct";
  const value = isDirect ? document : valueAtPointer(document, path);
  if (!isJsonObject(value)) return listTexts(value, toLabel(keysOfPointer(path).at(-1) ?? ""));
  return Object.entries(value).flatMap(([key, inner]) => {
    const isElsewhere = (isDirect && OF_DEFINITION.has(key)) || (isFrame && OF_FRAME.has(key));
    return isElsewhere ? [] : listTexts(inner, toLabel(key));
  });
}

/** Lists the texts of a value, keys of objects included: they name inputs, routes and secrets. */
function listTexts(value: unknown, field: string): readonly FieldText[] {
  if (typeof value === "string") return value === "" ? [] : [{ field, text: value }];
  if (typeof value === "number" || typeof value === "boolean") return [{ field, text: String(value) }];
  if (Array.isArray(value)) return value.flatMap((inner) => listTexts(inner, field));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    [{ field, text: key }].concat(listTexts(inner, field)),
  );
}

/** Finds the nodes that have every one of some words, whatever their case, anywhere in their texts; none without words. */
export function findNodes(nodes: readonly FindableNode[], typed: string): readonly FoundNode[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const [first] = words;
  if (first === undefined) return [];
  return nodes.flatMap(({ id, title, texts }) => {
    const plain = texts.map(({ text }) => text.toLowerCase());
    if (!words.every((word) => plain.some((text) => text.includes(word)))) return [];
    const whole = plain.findIndex((text) => words.every((word) => text.includes(word)));
    const at = whole === -1 ? plain.findIndex((text) => text.includes(first)) : whole;
    const { field = "", text = "" } = texts[at] ?? {};
    return [{ id, title, field, excerpt: cutAround(text, plain[at]?.indexOf(first) ?? 0) }];
  });
}

const BEFORE = 24;
const LONGEST = 80;

function cutAround(text: string, at: number): string {
  const from = at > BEFORE ? at - BEFORE : 0;
  const cut = text
    .slice(from, from + LONGEST)
    .replaceAll(/\s+/g, " ")
    .trim();
  return `${from > 0 ? "…" : ""}${cut}${from + LONGEST < text.length ? "…" : ""}`;
}

/** Names the hit after or before one; the first, or the last, where none is gone from. */
export function stepHit(
  hits: readonly FoundNode[],
  from: string | undefined,
  by: 1 | -1,
): string | undefined {
  const now = hits.findIndex(({ id }) => id === from);
  const start = now === -1 && by === -1 ? 0 : now;
  return hits[(start + by + hits.length) % hits.length]?.id;
}
