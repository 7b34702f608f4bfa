"use client";
import { useEffect, useEffectEvent } from "react";
import { isTaken } from "../_shell/taken-keys.ts";

/** The element that holds the item that is looked at. */
export const ITEM_ID = "inbox-item";

interface InboxKeys {
  /** Moves by so many places in the list. */
  readonly onMove: (by: 1 | -1) => void;
}

/**
 * J and K move through the list; A, E and R press the button of the item that names them, and E goes to the first field where nothing has to be
 * opened first. Escape leaves a field, so that the keys count again. A key that is held down counts once.
 */
export function useInboxKeys({ onMove }: InboxKeys): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === "Escape") leaveField(event.target);
    if (isTaken(event) || event.repeat) return;
    if (KEYS[event.key.toLowerCase()]?.(onMove) === true) event.preventDefault();
  });
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** The deed of each key. @returns whether there was something to do */
const KEYS: Readonly<Record<string, (move: InboxKeys["onMove"]) => boolean>> = {
  j: (move) => (move(1), true),
  k: (move) => (move(-1), true),
  a: () => press("a"),
  e: () => press("e") || focusField(),
  r: () => press("r"),
};

const find = (selector: string) => document.querySelector<HTMLElement>(`#${ITEM_ID} ${selector}`);

function press(key: string): boolean {
  const button = find(`[data-key="${key}"]`);
  button?.focus();
  button?.click();
  return button !== null;
}

function focusField(): boolean {
  const field = find(":is(input, textarea, select):not([type=checkbox])");
  field?.focus();
  return field !== null;
}

function leaveField(target: EventTarget | null): void {
  if (target instanceof HTMLElement && target.closest(`#${ITEM_ID}`)) target.blur();
}
