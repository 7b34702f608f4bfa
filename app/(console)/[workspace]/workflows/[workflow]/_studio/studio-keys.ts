import { useEffect, useEffectEvent } from "react";

/** A command of the studio's keyboard, besides the canvas's own keys. */
export type StudioCommand =
  | "add"
  | "undo"
  | "redo"
  | "copy"
  | "cut"
  | "duplicate"
  | "selectAll"
  | "remove"
  | "fit"
  | "arrange"
  | "connect"
  | "edit"
  | "save"
  | "close";

interface Key {
  readonly key: string;
  /** Ctrl, or ⌘. */
  readonly mod?: boolean;
  readonly shift?: boolean;
  readonly command: StudioCommand;
}

const KEYS: readonly Key[] = [
  { key: "n", command: "add" },
  { key: "z", mod: true, command: "undo" },
  { key: "z", mod: true, shift: true, command: "redo" },
  { key: "y", mod: true, command: "redo" },
  { key: "c", mod: true, command: "copy" },
  { key: "x", mod: true, command: "cut" },
  { key: "d", mod: true, command: "duplicate" },
  { key: "a", mod: true, command: "selectAll" },
  { key: "s", mod: true, command: "save" },
  { key: "delete", command: "remove" },
  { key: "backspace", command: "remove" },
  { key: "f", command: "fit" },
  { key: "l", command: "arrange" },
  { key: "c", command: "connect" },
  { key: "e", command: "edit" },
  { key: "escape", command: "close" },
];

/** Also while a field is written in. */
const ALWAYS: ReadonlySet<StudioCommand> = new Set(["save"]);

/** Reads the command of a key. */
function commandFor(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">,
): StudioCommand | undefined {
  if (event.altKey) return undefined;
  const mod = event.ctrlKey || event.metaKey;
  return KEYS.find(
    ({ key, mod: wantsMod = false, shift = false }) =>
      key === event.key.toLowerCase() && wantsMod === mod && (!mod || shift === event.shiftKey),
  )?.command;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable=true]") !== null;

/** Listens for the keys of the studio while no window lies over it. */
export function useStudioKeys(run: (command: StudioCommand) => boolean): void {
  const onCommand = useEffectEvent(run);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = commandFor(event);
      if (command === undefined || event.defaultPrevented) return;
      if (document.querySelector("[role=dialog], [role=alertdialog]")) return;
      if (isTyping(event.target) && !ALWAYS.has(command)) return;
      if (onCommand(command)) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
