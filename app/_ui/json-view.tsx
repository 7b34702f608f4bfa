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
        "relative flow-root font-mono text-xs leading-5",
        isBare
          ? "pr-11"
          : // On a phone the button is higher than a value of one line.
            "rounded-md border border-border bg-muted/50 py-2 pr-11 pl-3 max-md:min-h-13 max-md:pr-13",
      )}
    >
      {/* What scrolls has room for the keyboard's ring. */}
      <div className="-m-1 overflow-x-auto p-1">
        {isBranch(value) ? <Rows entries={Object.entries(value)} level={0} /> : <Leaf value={value} />}
      </div>
      <div className={cn("absolute rounded-md", isBare ? "-top-1 -right-2.5" : "top-1 right-1 bg-muted")}>
        <CopyButton text={typeof value === "string" ? value : JSON.stringify(value, null, 2)} what={what} />
      </div>
    </div>
  );
}

const isBranch = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;

const countOf = (value: object): string =>
  Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`;

function Leaf({ value }: { readonly value: unknown }) {
  if (typeof value === "string") return <Text text={value} />;
  if (typeof value === "object")
    return <span className="text-muted-foreground">{value === null ? "null" : countOf(value)}</span>;
  return <span className="text-info">{JSON.stringify(value)}</span>;
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

interface RowsProps {
  readonly entries: readonly Entry[];
  readonly level: number;
}

function Rows({ entries, level }: RowsProps) {
  const [whole, setWhole] = useState(entries.length <= LONGEST_LIST);
  const shown = whole ? entries : entries.slice(0, LONGEST_LIST);
  const isOpen = level + 1 < OPEN_LEVELS && entries.length <= LONGEST_OPEN;
  return (
    <div>
      {shown.map(([key, value]) =>
        isBranch(value) ? (
          <details key={key} open={isOpen}>
            <summary className="flex min-h-6 cursor-pointer list-none items-center gap-1 text-muted-foreground [&::-webkit-details-marker]:hidden">
              <Key name={key} />
              <ChevronRight
                aria-hidden
                className="size-3 shrink-0 transition-transform [[open]>summary>&]:rotate-90"
              />
              {countOf(value)}
            </summary>
            {/* Many levels deep the view scrolls, rather than to leave the room of a letter. */}
            <div className="ml-1 min-w-40 border-l border-border pl-3">
              <Rows entries={Object.entries(value)} level={level + 1} />
            </div>
          </details>
        ) : (
          // A value that has no room beside its key stands below it.
          <div key={key} className="flex flex-wrap gap-x-2">
            <Key name={key} />
            <div className="min-w-[min(100%,8rem)] flex-1">
              <Leaf value={value} />
            </div>
          </div>
        ),
      )}
      {!whole && <More onClick={() => setWhole(true)}>Show all {entries.length}</More>}
    </div>
  );
}

const Key = ({ name }: { readonly name: string }) => (
  <span className="max-w-full text-primary wrap-anywhere">{name}</span>
);
