import { type RefObject, useMemo, useRef, useState } from "react";
import type { FoundOnCanvas } from "./edit-canvas.tsx";
import { findNodes, type FoundNode, listFindable, stepHit } from "./find-nodes.ts";
import type { ReadDocument } from "./use-document.ts";

/** A search on the canvas. */
export interface Finding {
  /** The words that are looked for; undefined while the search is closed. */
  readonly words: string | undefined;
  readonly hits: readonly FoundNode[];
  /** The hit that the canvas shows. */
  readonly here: FoundNode | undefined;
  /** The marks of the canvas; undefined while nothing is looked for. */
  readonly marks: FoundOnCanvas | undefined;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly open: () => void;
  readonly type: (words: string) => void;
  readonly step: (by: 1 | -1) => void;
  /** Ends the search: the hit is chosen, or without one, what had the focus has it again. */
  readonly close: () => void;
}

/** Finds nodes of a document by their words, also of the last one that could be read. */
export function useFind({ graph, document: read }: ReadDocument, choose: (id: string) => void): Finding {
  const [words, setWords] = useState<string>();
  const [at, setAt] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const from = useRef<Element>(null);
  const isOpen = words !== undefined;
  const nodes = useMemo(() => (isOpen ? listFindable(graph, read) : []), [isOpen, graph, read]);
  const hits = useMemo(() => findNodes(nodes, words ?? ""), [nodes, words]);
  const here = hits.find(({ id }) => id === at) ?? hits[0];
  const marks = useMemo(
    () => (words?.trim() ? { ids: new Set(hits.map(({ id }) => id)), here: here?.id } : undefined),
    [words, hits, here?.id],
  );
  return {
    words,
    hits,
    here,
    marks,
    field,
    open: () => {
      if (!isOpen) from.current = document.activeElement;
      setWords(words ?? "");
      requestAnimationFrame(() => field.current?.select());
    },
    type: setWords,
    step: (by) => setAt(stepHit(hits, here?.id, by)),
    close: () => {
      setWords(undefined);
      if (here) choose(here.id);
      else if (from.current instanceof HTMLElement) from.current.focus();
    },
  };
}
