"use client";
import { Autocomplete } from "@base-ui/react/autocomplete";
import type { MouseEvent, ReactNode } from "react";
import { StateGlyph } from "#/app/_ui/state-glyph.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { KeyCaps } from "../_keys/key-caps.tsx";
import type { Command } from "./command.ts";
import type { FoundCommand } from "./find-commands.ts";
import type { Mark } from "./fit-words.ts";

interface CommandLineProps {
  readonly command: FoundCommand;
  readonly onRun: (command: Command, isBeside: boolean) => void;
}

/** A command as a line: what it is, in what words it was found, of when, and by what keys it is done elsewhere. */
export function CommandLine({ command, onRun }: CommandLineProps) {
  const { label, note, at, shortcut, marks } = command;
  return (
    <Autocomplete.Item
      value={command}
      onClick={(event: MouseEvent) => onRun(command, event.metaKey || event.ctrlKey)}
      className="grid min-h-9 scroll-my-8 grid-cols-[1.25rem_minmax(0,1fr)_auto] items-center gap-x-3 rounded-md px-2 outline-none touch-target data-highlighted:bg-accent-soft"
    >
      <Picture command={command} />
      <span className="truncate">
        <Marked text={label} marks={marks} />
        {note !== undefined && note !== "" && <span className="ml-1.5 text-ink-3">{note}</span>}
      </span>
      <span className="flex items-center gap-1 text-xs text-ink-3">
        {at !== undefined && <RelativeTime at={at} />}
        {shortcut && <KeyCaps of={shortcut} className="max-md:hidden" />}
      </span>
    </Autocomplete.Item>
  );
}

function Picture({ command: { picture: Drawn } }: { readonly command: Command }) {
  return typeof Drawn === "string" ? (
    <StateGlyph glyph={Drawn} className="justify-self-center" />
  ) : (
    <Drawn className="size-4 justify-self-center text-ink-3" />
  );
}

interface MarkedProps {
  readonly text: string;
  readonly marks: readonly Mark[];
}

function Marked({ text, marks }: MarkedProps): ReactNode {
  let after = 0;
  const parts = marks.map(([start, end]) => {
    const before = text.slice(after, start);
    after = end;
    return (
      <span key={start}>
        {before}
        <mark className="bg-transparent font-semibold text-inherit underline decoration-accent-line decoration-2 underline-offset-3">
          {text.slice(start, end)}
        </mark>
      </span>
    );
  });
  return [...parts, text.slice(after)];
}
