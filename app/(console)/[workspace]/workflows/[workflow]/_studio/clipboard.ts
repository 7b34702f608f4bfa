import * as v from "valibot";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import type { FlowGraph } from "../../../_canvas/flow-graph.ts";
import { readCondition } from "../../../_canvas/exits.ts";
import { nameNote, readNotes } from "../../../_canvas/notes.ts";
import { valueAtPointer } from "../../../_canvas/pointer.ts";
import { freeName, parsePlace } from "./canvas-operations.ts";
import { freeNote, putNote } from "./note-operations.ts";

/** Steps on the clipboard, as text: they can be put into another workflow, or be read by anybody. */
const Copied = v.object({
  cairnSteps: v.record(v.string(), v.record(v.string(), v.unknown())),
  ways: v.array(v.object({ from: v.string(), to: v.string(), if: v.optional(v.string()) })),
  /** Read as those of a document are. */
  notes: v.optional(v.record(v.string(), v.unknown()), {}),
});

/** Copies steps, the ways between them, and notes. */
export function copySteps(document: unknown, graph: FlowGraph, ids: readonly string[]): string | undefined {
  const chosen = graph.nodes.filter(({ id, isOwn }) => isOwn && ids.includes(id));
  const notes = graph.notes.filter(({ id }) => ids.includes(nameNote(id)));
  if (chosen.length === 0 && notes.length === 0) return undefined;
  const names = new Set(chosen.map(({ id }) => id));
  const ways = graph.edges
    .filter(({ source, target, kind }) => names.has(source) && names.has(target) && kind !== "error")
    .map(({ source, target, exit }) => ({
      from: parsePlace(source).step,
      to: parsePlace(target).step,
      if: exit === undefined ? undefined : readCondition(exit),
    }));
  const steps = chosen.map(({ id, path }) => [parsePlace(id).step, valueAtPointer(document, path)]);
  const copied = { cairnSteps: Object.fromEntries(steps), ways };
  const noted = { notes: Object.fromEntries(notes.map(({ id, ...note }) => [id, note])) };
  return JSON.stringify(notes.length > 0 ? { ...copied, ...noted } : copied, null, 2);
}

/** Copied notes lie this far below and right of where they were. */
const BESIDE = 32;

function pasteNotes(graph: FlowGraph, notes: Readonly<Record<string, unknown>>): readonly Operation[] {
  const names: string[] = [];
  return readNotes({ ui: { notes } }).map((note) => {
    const name = freeNote(graph, names);
    names.push(name);
    return putNote(name, { ...note, x: note.x + BESIDE, y: note.y + BESIDE });
  });
}

/** Decides the operations that put copied steps and notes into a graph, under names that are free; undefined for any other text. */
export function pasteSteps(graph: FlowGraph, text: string): readonly Operation[] | undefined {
  const copied = v.safeParse(Copied, parseJson(text));
  if (!copied.success) return undefined;
  const { cairnSteps, ways, notes } = copied.output;
  const names = newNames(graph, Object.keys(cairnSteps));
  return [
    ...Object.entries(cairnSteps).map(([name, fields]): Operation => ({
      do: "addStep",
      step: names.get(name) ?? name,
      fields,
    })),
    ...ways.map((way) => connectCopies(way, names)),
    ...pasteNotes(graph, notes),
  ];
}

function connectCopies(
  { from, to, if: condition }: v.InferOutput<typeof Copied>["ways"][number],
  names: ReadonlyMap<string, string>,
): Operation {
  const ends = { from: names.get(from) ?? from, to: names.get(to) ?? to };
  return { do: "connect", ...ends, ...(condition !== undefined && { if: condition }) };
}

function newNames(graph: FlowGraph, wanted: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of wanted) names.set(name, freeName(graph, name, { besides: names.values() }));
  return names;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
