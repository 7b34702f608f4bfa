"use client";
import { buttonLook } from "#/app/_ui/button.tsx";
import { Search } from "#/app/_ui/icons.tsx";
import { KeyCaps } from "../_keys/key-caps.tsx";
import { useCommandBar } from "./bar-store.ts";

/** Opens the command bar, where there is room for its name and its keys. */
export function WideBarButton() {
  const open = useCommandBar((bar) => bar.open);
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      title="Find or do"
      onClick={open}
      className="mb-2 flex noscript:hidden h-7 shrink-0 items-center gap-2 rounded-md border border-line-2 bg-raised px-2 text-ink-3 touch-target hover:border-ink-4 max-lg:border-transparent max-lg:bg-transparent"
    >
      <Search aria-hidden className="size-3.5 max-lg:size-4" />
      <span className="flex-1 text-left max-lg:sr-only">Find or do</span>
      <KeyCaps of="bar" className="max-lg:hidden" />
    </button>
  );
}

/** Opens the command bar, where there is room for a sign only. */
export function NarrowBarButton() {
  const open = useCommandBar((bar) => bar.open);
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-label="Find or do"
      title="Find or do"
      onClick={open}
      className={buttonLook({ variant: "ghost", size: "icon", className: "noscript:hidden" })}
    >
      <Search aria-hidden />
    </button>
  );
}
