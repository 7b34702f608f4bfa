"use client";
import { Search } from "#/app/_ui/icons.tsx";
import { type KeyboardEvent, type Ref, useState } from "react";
import { STEP_GROUPS, STEP_LOOK, STEP_NAMES } from "../../../_canvas/step-look.ts";
import { KeyCaps } from "../../../_keys/key-caps.tsx";
import { StepTile } from "../../../_canvas/step-tile.tsx";
import type { StepTypeName } from "#/agents/steps/table.ts";
import { textsOf } from "#/agents/steps/texts.ts";
import { Input } from "#/app/_ui/field.tsx";
import { STEP_DRAG } from "./edit-canvas.tsx";

interface PaletteProps {
  readonly ref: Ref<HTMLInputElement>;
  readonly onAdd: (type: Addable) => void;
  readonly onClose: () => void;
}

/** A type of step, or a note. */
export type Addable = StepTypeName | "note";

interface Entry {
  readonly type: Addable;
  readonly name: string;
  readonly summary: string;
}

const EXPLAIN = "Explain";
const GROUPS: readonly string[] = [...STEP_GROUPS, EXPLAIN];
const STEPS = STEP_NAMES.map((type) => ({
  type,
  group: STEP_LOOK[type].group,
  name: textsOf(type)?.name ?? type,
  summary: textsOf(type)?.summary ?? "",
}));
const NOTE = {
  type: "note",
  group: EXPLAIN,
  name: "Note",
  summary: "Words for whoever reads the canvas",
} as const;
const ENTRIES: readonly (Entry & { readonly group: string })[] = [...STEPS, NOTE];

/** Every type of step and the note, to search, press or drag. Enter takes the first that is found. */
export function Palette({ ref, onAdd, onClose }: PaletteProps) {
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const fits = ({ type, name, summary }: Entry) =>
    [type, name, summary].some((text) => text.toLowerCase().includes(wanted));
  const named = ENTRIES.filter(({ name, type }) => `${name} ${type}`.toLowerCase().includes(wanted));
  const found = named.length > 0 ? named : ENTRIES.filter(fits);
  const add = (type: Addable) => {
    setWords("");
    onAdd(type);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape") onClose();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    stepFocus(event.currentTarget.closest("search"), event.key === "ArrowDown" ? 1 : -1);
  };
  return (
    <search aria-label="Steps to add" className="flex min-h-0 flex-col gap-1 overflow-y-auto p-2 pt-3">
      <form
        className="relative mx-1 mb-1"
        onSubmit={(event) => {
          event.preventDefault();
          const [first] = found;
          if (first) add(first.type);
        }}
      >
        <Search aria-hidden className="absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-ink-3" />
        <Input
          ref={ref}
          aria-label="Add a step"
          placeholder="Add a step"
          value={words}
          onChange={({ target }) => setWords(target.value)}
          onKeyDown={onKeyDown}
          className="pl-7"
        />
        <KeyCaps
          of="studio.add"
          className="pointer-events-none absolute top-1/2 right-1.5 -translate-y-1/2 max-md:hidden"
        />
      </form>
      {GROUPS.map((group) => (
        <Group
          key={group}
          title={group}
          entries={found.filter((entry) => entry.group === group)}
          onAdd={add}
          onKeyDown={onKeyDown}
        />
      ))}
      {found.length === 0 && <p className="p-2 text-ink-3">No step is named like that.</p>}
    </search>
  );
}

/** Moves the focus to the next or last of the fields and buttons of a list. */
function stepFocus(list: Element | null, by: number): void {
  const stops = [...(list ?? document).querySelectorAll<HTMLElement>("input, button")];
  const now = stops.findIndex((stop) => stop === document.activeElement);
  stops[(now + by + stops.length) % stops.length]?.focus();
}

interface GroupProps {
  readonly title: string;
  readonly entries: readonly Entry[];
  readonly onAdd: (type: Addable) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

function Group({ title, entries, onAdd, onKeyDown }: GroupProps) {
  if (entries.length === 0) return null;
  return (
    <>
      <h3 className="px-2 pt-2 text-2xs font-medium text-ink-3">{title}</h3>
      <ul>
        {entries.map(({ type, name, summary }) => (
          <li key={type}>
            <button
              type="button"
              draggable
              title={summary}
              onDragStart={({ dataTransfer }) => dataTransfer.setData(STEP_DRAG, type)}
              onClick={() => onAdd(type)}
              onKeyDown={onKeyDown}
              className="flex h-8 w-full items-center gap-2 rounded-md px-2 text-left font-medium text-ink-2 touch-target hover:bg-hover"
            >
              <StepTile type={type} /> <span className="truncate">{name}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
