"use client";
import type { KeyboardEvent } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { Input } from "#/app/_ui/field.tsx";
import { ChevronUp, Search, X } from "#/app/_ui/icons.tsx";
import { readShortcut, tellKeys } from "../../../_keys/press.ts";
import type { ShortcutsOf } from "../../../_keys/shortcuts.ts";
import type { Finding } from "./use-find.ts";

const LABEL = "Find on the canvas";

/** The field that finds steps and notes of the canvas, the number of hits, and where the shown one is. */
export function FindBar({ finding }: { readonly finding: Finding }) {
  const { words, hits, here, field, type, step, close } = finding;
  if (words === undefined) return null;
  const acts: Readonly<Record<ShortcutsOf<"find">, () => void>> = {
    "find.next": () => step(1),
    "find.previous": () => step(-1),
    "find.close": close,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const meant = readShortcut(event, "find");
    if (meant === undefined) return;
    event.preventDefault();
    acts[meant]();
  };
  return (
    <search
      aria-label={LABEL}
      className="absolute top-3 right-3 z-20 w-92 max-w-[calc(100%-1.5rem)] rounded-node border border-line-2 bg-raised p-1.5 shadow-high"
    >
      <div className="flex items-center gap-0.5">
        <div className="relative min-w-0 flex-1">
          <Search aria-hidden className="absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-ink-3" />
          <Input
            ref={field}
            aria-label={LABEL}
            placeholder="Name, type, text, tool or model"
            value={words}
            onChange={({ target }) => type(target.value)}
            onKeyDown={onKeyDown}
            className="pr-18 pl-7"
          />
          <output className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-xs text-ink-3 tabular-nums">
            {tellCount(finding)}
          </output>
        </div>
        <Step label="Previous hit" of="find.previous" isOff={hits.length === 0} onClick={() => step(-1)} />
        <Step label="Next hit" of="find.next" isOff={hits.length === 0} onClick={() => step(1)} />
        <Button variant="ghost" size="icon" aria-label="Close find" title="Close (Esc)" onClick={close}>
          <X aria-hidden />
        </Button>
      </div>
      {here && (
        <p aria-live="polite" className="truncate px-2 pt-1.5 pb-0.5 text-xs text-ink-3">
          <span className="font-medium text-ink-2">{here.title}</span> · {here.field}: {here.excerpt}
        </p>
      )}
    </search>
  );
}

function tellCount({ words, hits, here }: Finding): string {
  if (!words?.trim()) return "";
  if (!here) return "Nothing found";
  return `${hits.findIndex(({ id }) => id === here.id) + 1} of ${hits.length}`;
}

interface StepProps {
  readonly label: string;
  readonly of: "find.next" | "find.previous";
  readonly isOff: boolean;
  readonly onClick: () => void;
}

function Step({ label, of, isOff, onClick }: StepProps) {
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={label}
      title={`${label} (${tellKeys(of)})`}
      disabled={isOff}
      onClick={onClick}
    >
      <ChevronUp aria-hidden className={cn(of === "find.next" && "rotate-180")} />
    </Button>
  );
}
