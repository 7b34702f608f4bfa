import type { Glyph } from "#/app/_ui/state-glyph.tsx";

/** The state of a step in a run, as its node shows it. */
export interface NodeState {
  readonly glyph: Glyph;
  /** The state in a word: the name of the node has it too. */
  readonly label: string;
  /** The step's work, result or failure in one line: takes the place of its settings. */
  readonly line?: string | undefined;
  /** The way to the run that the step has started, or of a map to the item that is shown. */
  readonly run?: { readonly href: string; readonly label: string };
  /** The items of a map. The results of the chosen one stand on the steps inside. */
  readonly items?: ItemChoice;
}

export interface ItemChoice {
  readonly options: readonly { readonly index: number; readonly label: string }[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

type Mood = "plain" | "running" | "waiting" | "failed" | "skipped";

const MOODS: Readonly<Partial<Record<Glyph, Mood>>> = {
  running: "running",
  waiting: "waiting",
  failed: "failed",
  skipped: "skipped",
};

/** The edge, halo and words of a node by its state. */
const LOOKS: Readonly<Record<Mood, { readonly box: string; readonly line: string }>> = {
  plain: { box: "border-line-2 shadow-float", line: "text-ink-3" },
  running: { box: "border-run shadow-float", line: "text-run-text" },
  waiting: { box: "border-wait shadow-float ring-3 ring-wait/20", line: "text-wait-text" },
  failed: { box: "border-fail shadow-float ring-3 ring-fail/16", line: "text-fail-text" },
  skipped: { box: "border-dashed border-line-2 bg-sheet", line: "text-ink-3" },
};

export const nodeLook = (state: NodeState | undefined) => LOOKS[(state && MOODS[state.glyph]) ?? "plain"];
