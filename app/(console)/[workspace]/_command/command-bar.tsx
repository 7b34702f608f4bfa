"use client";
import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { Search, X } from "#/app/_ui/icons.tsx";
import { KeyCaps } from "../_keys/key-caps.tsx";
import { readShortcut } from "../_keys/press.ts";
import type { ShortcutsOf } from "../_keys/shortcuts.ts";
import { BAR_FIELD, BAR_HEAD, BAR_HINT, BAR_PLACE, BAR_WINDOW } from "./bar-look.ts";
import type { Command } from "./command.ts";
import { CommandLine } from "./command-line.tsx";
import type { FoundCommand } from "./find-commands.ts";
import { type Found, useGroups } from "./use-groups.ts";

interface CommandBarProps {
  /** The commands of the page at hand. */
  readonly offered: readonly Command[];
  /** The element that gets the focus again. */
  readonly from: HTMLElement | undefined;
  /** The words that were written before the bar was loaded. */
  readonly begun: string;
  readonly onHelp: () => void;
  readonly onClosed: () => void;
}

/** A field over the page that finds what can be gone to or done, and does it. */
export function CommandBar({ offered, from, begun, onHelp, onClosed }: CommandBarProps) {
  const [isOpen, setOpen] = useState(true);
  const field = useRef<HTMLInputElement>(null);
  const run = useRun(() => setOpen(false));
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen} onOpenChangeComplete={(next) => !next && onClosed()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Viewport className={BAR_PLACE}>
          <Dialog.Popup
            aria-label={BAR_HINT}
            initialFocus={field}
            finalFocus={() => from ?? false}
            className={BAR_WINDOW}
          >
            <Finder field={field} begun={begun} offered={offered} onHelp={onHelp} onRun={run} />
            <Foot />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type Run = (command: Command, isBeside: boolean) => void;

/** Goes or does, once the bar is gone and the focus is back: what opens a window then gives it back to the same place. */
function useRun(onClose: () => void): Run {
  const router = useRouter();
  const chosen = useRef<() => unknown>(undefined);
  useEffect(() => () => void setTimeout(() => chosen.current?.()), []);
  return (command, isBeside) => {
    if ("href" in command && isBeside) return void window.open(command.href, "_blank", "noopener");
    if (command.stays && "act" in command) return void command.act();
    chosen.current = "href" in command ? () => router.push(command.href) : command.act;
    onClose();
  };
}

interface FinderProps extends Pick<CommandBarProps, "offered" | "begun" | "onHelp"> {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onRun: Run;
}

interface Group {
  readonly [key: string]: unknown;
  readonly name: string;
  readonly items: readonly FoundCommand[];
}

function Finder({ field, begun, offered, onHelp, onRun }: FinderProps) {
  const [typed, setTyped] = useState(begun);
  const lit = useRef<FoundCommand>(undefined);
  const { groups, state } = useGroups({ typed, offered, onHelp });
  const onKeyDown = (event: KeyboardEvent) => {
    if (readShortcut(event, "bar") !== "bar.openBeside" || !lit.current) return;
    event.preventDefault();
    onRun(lit.current, true);
  };
  return (
    <Autocomplete.Root
      open
      inline
      mode="none"
      autoHighlight="always"
      keepHighlight
      items={groups.map(({ name, commands }): Group => ({ name, items: commands }))}
      itemToStringValue={({ label }: FoundCommand) => label}
      value={typed}
      // A line that is chosen does not take the place of what was written.
      onValueChange={(value, { reason }) => reason !== "item-press" && setTyped(value)}
      onItemHighlighted={(command: FoundCommand | undefined) => (lit.current = command)}
    >
      <div className={BAR_HEAD}>
        <Search aria-hidden className="size-4.5 shrink-0 text-ink-3" />
        <Autocomplete.Input
          ref={field}
          aria-label={BAR_HINT}
          placeholder={BAR_HINT}
          maxLength={200}
          onKeyDown={onKeyDown}
          className={BAR_FIELD}
        />
        <Dialog.Close
          aria-label="Close"
          className="grid size-7 place-items-center rounded-md text-ink-3 touch-target hover:bg-hover max-md:-mr-2 max-md:size-11"
        >
          <X className="size-4" />
        </Dialog.Close>
      </div>
      <Lines state={state} onRun={onRun} />
    </Autocomplete.Root>
  );
}

interface LinesProps extends Pick<Found, "state"> {
  readonly onRun: Run;
}

function Lines({ state, onRun }: LinesProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-2">
      <Autocomplete.List aria-label="Found">
        {({ name, items }: Group) => (
          <Autocomplete.Group key={name} items={items}>
            <Autocomplete.GroupLabel className="px-2 pt-3 pb-1 text-2xs font-medium text-ink-3">
              {name}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(command: FoundCommand) => <CommandLine key={command.id} command={command} onRun={onRun} />}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
      <Autocomplete.Status className="px-2 pt-3 pb-1 text-ink-3 empty:hidden">{state}</Autocomplete.Status>
    </div>
  );
}

const FOOT: readonly (readonly [ShortcutsOf<"bar">, string])[] = [
  ["bar.open", "open"],
  ["bar.openBeside", "in a new tab"],
  ["bar.things", "things"],
  ["bar.commands", "commands"],
];

function Foot() {
  return (
    <footer className="flex h-10 shrink-0 items-center gap-4 border-t border-line bg-well px-4 text-xs text-ink-3 max-md:hidden">
      {FOOT.map(([shortcut, does]) => (
        <span key={shortcut} className="flex items-center gap-1.5 nth-3:ml-auto">
          <KeyCaps of={shortcut} /> {does}
        </span>
      ))}
    </footer>
  );
}
