import { useDeferredValue, useState } from "react";
import { editDefinition } from "#/agents/definition/edit/edit.ts";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import { parseText } from "#/agents/definition/format/parse.ts";
import { type FlowGraph, readFlow } from "../../../_canvas/flow-graph.ts";

/** A document as its text says it. */
export interface ReadDocument {
  readonly document: unknown;
  readonly graph: FlowGraph;
  /** Why the newest text cannot be read; the document is then that of the last one that could. */
  readonly reason?: string | undefined;
}

const NOTHING: ReadDocument = { document: undefined, graph: readFlow(undefined) };

/** Reads a text as often as the page has time for it. */
export function useDocument(text: string): ReadDocument {
  const deferred = useDeferredValue(text);
  const [last, setLast] = useState(() => ({ text: deferred, read: readText(deferred, NOTHING) }));
  if (last.text === deferred) return last.read;
  const read = readText(deferred, last.read);
  setLast({ text: deferred, read });
  return read;
}

function readText(text: string, before: ReadDocument): ReadDocument {
  const parsed = parseText(text);
  if (parsed.ok) return { document: parsed.document, graph: readFlow(parsed.document) };
  return { ...before, reason: parsed.problems[0]?.message ?? "It cannot be read." };
}

/** @returns the new text, or why the operations cannot be done */
export function operate(
  text: string,
  operations: readonly Operation[],
): { readonly text: string } | { readonly reason: string } {
  const edited = editDefinition(text, operations);
  return edited.ok ? { text: edited.text } : { reason: edited.reason };
}
