import type { Fate } from "./compare-flows.ts";

interface FateLook {
  readonly mark: string;
  readonly label: string;
  /** Of its words. */
  readonly tone: string;
  /** Of its node. */
  readonly box: string;
  /** Of its line. */
  readonly stroke: string;
}

/** The look of what has become of a part of a definition. */
export const FATE_LOOK: Readonly<Record<Fate, FateLook>> = {
  added: {
    mark: "+",
    label: "added",
    tone: "bg-add text-add-text",
    box: "border-add-text ring-3 ring-add",
    stroke: "var(--add-text)",
  },
  changed: {
    mark: "~",
    label: "changed",
    tone: "bg-accent-soft text-accent-text",
    box: "border-accent-line ring-3 ring-accent-soft",
    stroke: "var(--accent-text)",
  },
  removed: {
    mark: "−",
    label: "removed",
    tone: "bg-del text-del-text",
    box: "border-dashed border-del-text ring-3 ring-del",
    stroke: "var(--del-text)",
  },
};
