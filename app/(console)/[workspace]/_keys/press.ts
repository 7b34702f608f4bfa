import {
  type Shortcut,
  type ShortcutId,
  SHORTCUTS,
  shortcutOf,
  type ShortcutsOf,
  type Where,
} from "./shortcuts.ts";

/** A key that went down, as the browser and React tell it. */
export type Press = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** Returns whether the machine has a ⌘ key. */
export const isApple = (): boolean =>
  typeof navigator !== "undefined" && /Mac|iP(?:hone|ad|od)/.test(navigator.platform);

const LETTER = /^[A-Z]$/;
const MODIFIERS: ReadonlySet<string> = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph"]);

/** Signs that the table needs for itself. */
const NAMES: Readonly<Record<string, string>> = { " ": "Space", "+": "Plus" };

/** Names a key as the table does. On keyboards without Latin letters a key is called by the letter of its place. */
function nameKey({ key, code }: Press): string {
  const name = NAMES[key];
  if (name !== undefined) return name;
  if (key.length === 1 && key > "~" && code.startsWith("Key")) return code.slice(3);
  return key.length === 1 ? key.toUpperCase() : key;
}

/** Writes a press as the table does; undefined where no shortcut could be meant by it. */
export function readPress(press: Press, apple: boolean): string | undefined {
  const { ctrlKey, metaKey, shiftKey, altKey } = press;
  // Alt makes other signs on many keyboards, and the other of Ctrl and ⌘ belongs to the system or an editor.
  if (altKey || (apple ? ctrlKey : metaKey) || MODIFIERS.has(press.key)) return undefined;
  const name = nameKey(press);
  const tellsShift = shiftKey && (press.key.length > 1 || LETTER.test(name));
  return [(apple ? metaKey : ctrlKey) && "Mod", tellsShift && "Shift", name].filter(Boolean).join("+");
}

/** Finds the shortcuts that keys mean, in whatever place. */
export function findShortcuts(keys: string): readonly (Shortcut & { readonly id: ShortcutId })[] {
  return SHORTCUTS.filter((shortcut: Shortcut) => shortcut.keys.includes(keys));
}

/** Finds the shortcut that a key is in one place, for a part of a page that has the focus itself. */
export function readShortcut<Place extends Where>(
  press: Press,
  place: Place,
): ShortcutsOf<Place> | undefined {
  const isOf = (id: ShortcutId): id is ShortcutsOf<Place> => shortcutOf(id).where === place;
  return findShortcuts(readPress(press, isApple()) ?? "")
    .map(({ id }) => id)
    .find(isOf);
}

/** Binds the keys of a shortcut, as CodeMirror writes them, to what is always done. */
export const bindForEditor = (id: ShortcutId, act: () => void) =>
  shortcutOf(id).keys.map((keys) => ({
    key: keys
      .split("+")
      .map((part) => (LETTER.test(part) ? part.toLowerCase() : part))
      .join("-"),
    run: () => {
      act();
      return true;
    },
  }));

const APPLE_SIGNS: Readonly<Record<string, string>> = { Mod: "⌘", Shift: "⇧", Ctrl: "⌃" };
const SIGNS: Readonly<Record<string, string>> = {
  Mod: "Ctrl",
  Plus: "+",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Enter: "↵",
  Escape: "Esc",
  Drag: "drag",
};

/** The caps of some keys, in the words of the machine. */
export const labelKeys = (keys: string, apple: boolean): readonly string[] =>
  keys.split(/[+ ]/).map((part) => (apple && APPLE_SIGNS[part]) || (SIGNS[part] ?? part));

/** The first keys of a shortcut as words, for a hint in the browser. */
export const tellKeys = (id: ShortcutId): string =>
  labelKeys(shortcutOf(id).keys[0] ?? "", isApple()).join(" ");
