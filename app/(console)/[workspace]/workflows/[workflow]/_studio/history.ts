/** The texts of a document, from which one can go back and forth. */
export interface History {
  readonly text: string;
  readonly past: readonly string[];
  readonly future: readonly string[];
  /** The moment at which the newest text was typed; undefined when it was not. */
  readonly typedAt?: number | undefined;
}

/** Texts typed within this time are undone together. */
const ONE_GO_MS = 800;
const MOST = 200;

export const beginHistory = (text: string): History => ({ text, past: [], future: [] });

/** Takes a new text. What was typed shortly after other typing is one step of the history with it. */
export function record(history: History, text: string, typedAt?: number): History {
  if (text === history.text) return history;
  const isSameGo =
    typedAt !== undefined && history.typedAt !== undefined && typedAt - history.typedAt < ONE_GO_MS;
  const past = isSameGo ? history.past : [...history.past, history.text].slice(-MOST);
  return { text, past, future: [], typedAt };
}

export function undo(history: History): History {
  const text = history.past.at(-1);
  if (text === undefined) return history;
  return { text, past: history.past.slice(0, -1), future: [history.text, ...history.future] };
}

export function redo(history: History): History {
  const [text, ...future] = history.future;
  return text === undefined ? history : { text, past: [...history.past, history.text], future };
}
