"use client";
import { useShortcuts } from "../_keys/use-shortcuts.ts";

/** The element that holds the item that is looked at. */
export const ITEM_ID = "inbox-item";

interface InboxKeys {
  /** Moves by so many places in the list. */
  readonly onMove: (by: 1 | -1) => void;
}

/**
 * Two keys move through the list; three press the button of the item that names them, and the one that edits goes to the first field where nothing has
 * to be opened first. Escape leaves a field, so that the keys count again. A key that is held down counts once.
 */
export function useInboxKeys({ onMove }: InboxKeys): void {
  useShortcuts({
    "inbox.next": once(() => onMove(1)),
    "inbox.previous": once(() => onMove(-1)),
    "inbox.approve": once(() => press("a")),
    "inbox.edit": once(() => press("e") || focusField()),
    "inbox.reject": once(() => press("r")),
    "inbox.leave": ({ target }) => leaveField(target),
  });
}

const once = (act: () => unknown) => (event: KeyboardEvent) => event.repeat || act();

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

/** @returns whether a field was left */
function leaveField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || !target.closest(`#${ITEM_ID}`)) return false;
  target.blur();
  return true;
}
