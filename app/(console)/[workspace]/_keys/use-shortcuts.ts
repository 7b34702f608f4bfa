import { useEffect, useEffectEvent } from "react";
import { findShortcuts, isApple, readPress } from "./press.ts";
import type { ShortcutId } from "./shortcuts.ts";

/** The acts of keys on a part of a page. An act that returns `false` has done nothing and leaves its key to whoever comes next. */
export type KeyActs = Readonly<Partial<Record<ShortcutId, (event: KeyboardEvent) => unknown>>>;

/** Tries the act of a shortcut. @returns whether it was done */
type Listener = (id: ShortcutId, event: KeyboardEvent) => boolean;

/** The parts of the page that listen, the last come first: what lies on top is asked first. */
const listeners: Listener[] = [];

/** The second key of "G R" counts this long after the first. */
const SEQUENCE_MS = 1_200;

let first: { readonly keys: string; readonly until: number } | undefined;

/** Nothing is typed into these. */
const TICKED = "input[type=checkbox], input[type=radio]";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  !target.matches(TICKED) &&
  (target.isContentEditable || target.closest("input, textarea, select") !== null);

/** A window over the page has the keys to itself. */
const isCovered = (): boolean =>
  document.querySelector("[role=dialog], [role=alertdialog], [data-window]") !== null;

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isCovered()) return;
  const keys = readPress(event, isApple());
  if (keys === undefined) return;
  const before = first && event.timeStamp < first.until ? first.keys : undefined;
  first = undefined;
  if (before !== undefined && tryKeys(`${before} ${keys}`, event)) return;
  if (tryKeys(keys, event)) return;
  first = { keys, until: event.timeStamp + SEQUENCE_MS };
}

function tryKeys(keys: string, event: KeyboardEvent): boolean {
  const typing = isTyping(event.target);
  const meant = findShortcuts(keys).filter(({ whileTyping }) => !typing || whileTyping === true);
  const isDone = listeners.some((listen) => meant.some(({ id }) => listen(id, event)));
  if (isDone) event.preventDefault();
  return isDone;
}

function addListener(listener: Listener): () => void {
  if (listeners.length === 0) document.addEventListener("keydown", onKeyDown);
  listeners.unshift(listener);
  return () => {
    listeners.splice(listeners.indexOf(listener), 1);
    if (listeners.length === 0) document.removeEventListener("keydown", onKeyDown);
  };
}

/** Lets a part of a page act on keys of the table while it is there, unless a field or a window has the keyboard. */
export function useShortcuts(acts: KeyActs): void {
  const onShortcut = useEffectEvent<Listener>((id, event) => {
    const act = acts[id];
    return act !== undefined && act(event) !== false;
  });
  useEffect(() => addListener((id, event) => onShortcut(id, event)), []);
}
