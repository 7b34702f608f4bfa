"use client";
import { cn } from "#/app/_ui/class-names.ts";
import { useSoonHydrated } from "#/app/_ui/use-hydrated.ts";
import { isApple, labelKeys } from "./press.ts";
import { type ShortcutId, shortcutOf } from "./shortcuts.ts";

interface KeyCapsProps {
  readonly of: ShortcutId;
  readonly className?: string;
}

/** The keys of a shortcut as small caps, hidden from screen readers: beside words that say the same. */
export function KeyCaps({ of, className }: KeyCapsProps) {
  return (
    <span aria-hidden className={cn("flex gap-1", className)}>
      <Caps keys={shortcutOf(of).keys[0] ?? ""} />
    </span>
  );
}

/** Keys that are pressed together or one after the other. */
export function Caps({ keys }: { readonly keys: string }) {
  // The server does not know what machine it is: until the page is awake, it is not Apple's.
  const apple = useSoonHydrated() && isApple();
  return labelKeys(keys, apple).map((label) => (
    <kbd
      key={label}
      className="inline-grid h-4.5 min-w-4.5 place-items-center rounded-sm border border-line-2 bg-raised px-1 font-sans text-2xs leading-none font-medium text-ink-3"
    >
      {label}
    </kbd>
  ));
}
