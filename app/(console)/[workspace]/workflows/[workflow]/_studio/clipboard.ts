import * as v from "valibot";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import type { FlowGraph } from "../../../_canvas/flow-graph.ts";
import { readCondition } from "../../../_canvas/exits.ts";
import { valueAtPointer } from "../../../_canvas/pointer.ts";
import { freeName, parsePlace } from "./canvas-operations.ts";

/** Steps on the clipboard, as text: they can be put into another workflow, or be read by anybody. */
const Copied = v.object({
  cairnSteps: v.record(v.string(), v.record(v.string(), v.unknown())),
  ways: v.array(v.object({ from: v.string(), to: v.string(), if: v.optional(v.string()) })),
});

/** Copies steps and the ways between them. */
export function copySteps(document: unknown, graph: FlowGraph, ids: readonly string[]): string | undefined {
  const chosen = graph.nodes.filter(({ id, isOwn }) => isOwn && ids.includes(id));
  if (chosen.length === 0) return undefined;
  const names = new Set(chosen.map(({ id }) => id));
  const ways = graph.edges
    .filter(({ source, target, kind }) => names.has(source) && names.has(target) && kind !== "error")
    .map(({ source, target, exit }) => ({
      from: parsePlace(source).step,
      to: parsePlace(target).step,
      if: exit === undefined ? undefined : readCondition(exit),
    }));
  const steps = chosen.map(({ id, path }) => [parsePlace(id).step, valueAtPointer(document, path)]);
  return JSON.stringify({ cairnSteps: Object.fromEntries(steps), ways }, null, 2);
}

/** Decides the operations that put copied steps into a graph, under names that are free; undefined for any other text. */
export function pasteSteps(graph: FlowGraph, text: string): readonly Operation[] | undefined {
  const copied = v.safeParse(Copied, parseJson(text));
  if (!copied.success) return undefined;
  const { cairnSteps, ways } = copied.output;
  const names = newNames(graph, Object.keys(cairnSteps));
  return [
    ...Object.entries(cairnSteps).map(([name, fields]): Operation => ({
      do: "addStep",
      step: names.get(name) ?? name,
      fields,
    })),
    ...ways.map((way) => connectCopies(way, names)),
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
