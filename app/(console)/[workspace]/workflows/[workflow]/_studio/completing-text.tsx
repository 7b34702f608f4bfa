"use client";
import { type ComponentProps, type KeyboardEvent, type SyntheticEvent, useId, useRef, useState } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import { Input, TextArea } from "#/app/_ui/field.tsx";
import { findOpenWord, type OpenWord, pickValues, type ReadableValue, tellValue } from "./readable-values.ts";

type Area = HTMLInputElement | HTMLTextAreaElement;

interface CompletingTextProps extends Pick<
  ComponentProps<"textarea">,
  "id" | "aria-describedby" | "aria-invalid" | "aria-label" | "placeholder" | "className" | "spellCheck"
> {
  readonly isLine: boolean;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** The text is done: the field is left, or Enter is pressed in a line. */
  readonly onDone?: (() => void) | undefined;
  readonly values: readonly ReadableValue[];
  /** The whole text is an expression, and not only what stands in `{{ }}`. */
  readonly isExpression: boolean;
}

/** A text field that offers the values which an expression in it can read, with their types and what they were in the last run. */
export function CompletingText({
  isLine,
  text,
  onText,
  onDone,
  values,
  isExpression,
  ...rest
}: CompletingTextProps) {
  const list = useId();
  const completion = useCompletion({ text, onText, values, isExpression });
  const { offered, active } = completion;
  const isOpen = offered.length > 0;
  const shared = {
    ...rest,
    value: text,
    autoComplete: "off",
    "aria-autocomplete": "list" as const,
    "aria-controls": isOpen ? list : undefined,
    "aria-activedescendant": isOpen ? `${list}-${active}` : undefined,
    onChange: (event: SyntheticEvent<Area>) => {
      onText(event.currentTarget.value);
      completion.look(event.currentTarget, false);
    },
    onBlur: () => {
      completion.close();
      onDone?.();
    },
    onKeyDown: (event: KeyboardEvent<Area>) => {
      if (!completion.takeKey(event) && isLine && event.key === "Enter") onDone?.();
    },
  };
  return (
    <>
      {isLine ? <Input {...shared} /> : <TextArea {...shared} />}
      {isOpen && <Offers id={list} offered={offered} active={active} onTake={completion.take} />}
    </>
  );
}

interface Completing {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly values: readonly ReadableValue[];
  readonly isExpression: boolean;
}

/** The word that is being written, and the values that it may become. */
function useCompletion({ text, onText, values, isExpression }: Completing) {
  const written = useRef<Area>(null);
  const [open, setOpen] = useState<OpenWord>();
  const [active, setActive] = useState(0);
  const offered = open ? pickValues(values, open.word) : [];
  const close = () => setOpen(undefined);
  const look = (element: Area, isAsked: boolean) => {
    written.current = element;
    const found = findOpenWord(element.value.slice(0, element.selectionStart ?? 0), isExpression);
    const isMeant = isAsked || found?.word !== "" || !isExpression;
    setOpen(isMeant ? found : undefined);
    setActive(0);
  };
  const take = (value: ReadableValue) => {
    if (!open) return;
    const cursor = open.from + value.path.length;
    onText(text.slice(0, open.from) + value.path + text.slice(open.from + open.word.length));
    close();
    requestAnimationFrame(() => written.current?.setSelectionRange(cursor, cursor));
  };
  const acts: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setActive((active + 1) % offered.length),
    ArrowUp: () => setActive((active + offered.length - 1) % offered.length),
    Enter: () => offered[active] && take(offered[active]),
    Escape: close,
  };
  /** @returns whether the key was one of the list's */
  const takeKey = (event: KeyboardEvent<Area>): boolean => {
    const isAsking = event.key === " " && event.ctrlKey;
    const act = isAsking ? () => look(event.currentTarget, true) : offered.length > 0 && acts[event.key];
    if (!act || event.nativeEvent.isComposing) return false;
    event.preventDefault();
    event.stopPropagation();
    act();
    return true;
  };
  return { offered, active, look, take, takeKey, close };
}

interface OffersProps {
  readonly id: string;
  readonly offered: readonly ReadableValue[];
  readonly active: number;
  readonly onTake: (value: ReadableValue) => void;
}

function Offers({ id, offered, active, onTake }: OffersProps) {
  return (
    <div
      id={id}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it belongs to a text field, which keeps the focus
      role="listbox"
      aria-label="Values at this step"
      className="mt-1 overflow-hidden rounded-md border border-line-2 bg-raised py-1 shadow-float"
    >
      {offered.map((value, index) => (
        <div
          key={value.path}
          id={`${id}-${index}`}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- of the list above
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          // The field keeps the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(value);
          }}
          className={cn("grid cursor-pointer gap-0.5 px-2 py-1 touch-target", index === active && "bg-press")}
        >
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 flex-1 truncate font-mono text-xs">{value.path}</span>
            <span className="shrink-0 text-2xs text-ink-2">{value.type}</span>
          </span>
          <span className="truncate text-2xs text-ink-2">
            {value.last === undefined ? value.source : `${value.source} · last: ${tellValue(value.last)}`}
          </span>
        </div>
      ))}
    </div>
  );
}
