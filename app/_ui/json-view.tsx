"use client";
import { ChevronRight } from "#/app/_ui/icons.tsx";
import { type ReactNode, useState } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import { CopyButton } from "#/app/_ui/copy-button.tsx";

type Entry = readonly [key: string, value: unknown];

/** A level deeper than this starts closed. */
const OPEN_LEVELS = 2;
/** Of a longer list, each item starts closed. */
const LONGEST_OPEN = 8;
/** Longer texts and lists are cut until somebody asks for all of them. */
const LONGEST_TEXT = 1_500;
const LONGEST_LIST = 30;

interface JsonViewProps {
  readonly value: unknown;
  /** The name of the value: "input", "output". */
  readonly what: string;
  /** It stands in a box already. */
  readonly isBare?: boolean;
}

/** Any JSON value as a tree that opens level by level, with its text to copy. */
export function JsonView({ value, what, isBare = false }: JsonViewProps) {
  return (
    <div
      className={cn(
        "relative font-mono text-xs leading-5",
        isBare
          ? "pr-11"
          : // On a phone the button is higher than a value of one line.
            "rounded-md border border-border bg-muted/50 py-2 pr-11 pl-3 max-md:min-h-13 max-md:pr-13",
      )}
    >
      <Value value={value} level={0} />
      <div className={cn("absolute rounded-md", isBare ? "-top-1 -right-2.5" : "top-1 right-1 bg-muted")}>
        <CopyButton text={typeof value === "string" ? value : JSON.stringify(value, null, 2)} what={what} />
      </div>
    </div>
  );
}

interface ValueProps {
  readonly value: unknown;
  readonly level: number;
  /** Stands among many. */
  readonly crowded?: boolean;
}

function Value({ value, level, crowded = false }: ValueProps) {
  if (typeof value === "string") return <Text text={value} />;
  if (typeof value !== "object" || value === null)
    return (
      <span className={value === null ? "text-muted-foreground" : "text-info"}>{JSON.stringify(value)}</span>
    );
  const label = Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`;
  return <Branch entries={Object.entries(value)} label={label} level={level} crowded={crowded} />;
}

function Text({ text }: { readonly text: string }) {
  const [whole, setWhole] = useState(text.length <= LONGEST_TEXT);
  if (text === "") return <span className="text-muted-foreground">“”</span>;
  return (
    <span className="break-words whitespace-pre-wrap">
      {whole ? text : `${text.slice(0, LONGEST_TEXT)}…`}
      {!whole && <More onClick={() => setWhole(true)}>Show all {text.length} characters</More>}
    </span>
  );
}

function More({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="block font-sans font-medium text-primary underline underline-offset-2 touch-target"
    >
      {children}
    </button>
  );
}

interface BranchProps {
  readonly entries: readonly Entry[];
  readonly label: string;
  readonly level: number;
  readonly crowded: boolean;
}

function Branch({ entries, label, level, crowded }: BranchProps) {
  if (entries.length === 0) return <span className="text-muted-foreground">{label}</span>;
  if (level === 0) return <Rows entries={entries} level={level} />;
  return (
    <details open={level < OPEN_LEVELS && !crowded}>
      <summary className="flex min-h-6 cursor-pointer list-none items-center gap-1 text-muted-foreground [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3 transition-transform [[open]>summary>&]:rotate-90" />
        {label}
      </summary>
      <Rows entries={entries} level={level} />
    </details>
  );
}

function Rows({ entries, level }: Pick<BranchProps, "entries" | "level">) {
  const [whole, setWhole] = useState(entries.length <= LONGEST_LIST);
  const shown = whole ? entries : entries.slice(0, LONGEST_LIST);
  return (
    <div>
      {shown.map(([key, value]) => (
        <div key={key} className="flex gap-2">
          <span className="shrink-0 text-primary">{key}</span>
          <div className="min-w-0 flex-1">
            <Value value={value} level={level + 1} crowded={entries.length > LONGEST_OPEN} />
          </div>
        </div>
      ))}
      {!whole && <More onClick={() => setWhole(true)}>Show all {entries.length}</More>}
    </div>
  );
}
