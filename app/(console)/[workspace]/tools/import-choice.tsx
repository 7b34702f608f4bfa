"use client";
import { useDeferredValue, useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { ChangeList } from "#/app/_ui/change-list.tsx";
import { DialogActions } from "#/app/_ui/dialog.tsx";
import { Checkbox, Input } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { FoundTools } from "#/operations/tools/contract.ts";
import { type ImportedChoice, IMPORT_WORDS, makeChoice, MOST_CHOSEN } from "./import-words.ts";
import { EFFECT_WORDS } from "./tool-words.ts";

interface ImportChoiceProps {
  readonly found: FoundTools;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onBack: () => void;
  readonly onTake: (choice: ImportedChoice) => void;
}

/** Shows the contents of a document: new operations to choose, changed ones to accept, and tools that it has no more. */
export function ImportChoice({ found, pending, error, onBack, onTake }: ImportChoiceProps) {
  const [search, setSearch] = useState("");
  const words = useDeferredValue(search.trim().toLowerCase());
  // What has changed is proposed; what is new is chosen, for every tool costs a model attention.
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(found.tools.filter(({ state }) => state === "changed").map(({ name }) => name)),
  );
  const shown = found.tools.filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(words),
  );
  const choose: OnChoose = (names, isChosen) => setChosen((before) => changed(before, names, isChosen));
  const free = shown.filter(({ state }) => state === "new" || state === "changed").map(({ name }) => name);
  const areAll = free.length > 0 && free.every((name) => chosen.has(name));
  return (
    <Form onSubmit={() => onTake(makeChoice(found, chosen))} className="flex min-h-0 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Input
          type="search"
          aria-label="Search operations"
          placeholder={`Search ${found.tools.length} operations`}
          className="max-w-64 flex-1"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
        <Button disabled={free.length === 0} onClick={() => choose(free, !areAll)}>
          {areAll ? "Choose none" : `Choose ${words === "" ? "all" : "these"} ${free.length}`}
        </Button>
      </div>
      <FoundList tools={shown} missing={found.missing} chosen={chosen} onChoose={choose} />
      <LeftOut leftOut={found.leftOut} />
      {error !== null && (
        <Notice tone="bad" title="Couldn’t import">
          {describeError(error)}
        </Notice>
      )}
      <ChoiceActions count={chosen.size} pending={pending} onBack={onBack} />
    </Form>
  );
}

type OnChoose = (names: readonly string[], isChosen: boolean) => void;

function changed(
  before: ReadonlySet<string>,
  names: readonly string[],
  isChosen: boolean,
): ReadonlySet<string> {
  const kept = [...before].filter((name) => !names.includes(name));
  return new Set(isChosen ? [...kept, ...names] : kept);
}

interface ChoiceActionsProps extends Pick<ImportChoiceProps, "pending" | "onBack"> {
  readonly count: number;
}

function ChoiceActions({ count, pending, onBack }: ChoiceActionsProps) {
  const isTooMany = count > MOST_CHOSEN;
  return (
    <>
      {isTooMany && (
        <p role="alert" className="text-xs text-bad">
          Choose {MOST_CHOSEN} at most at once.
        </p>
      )}
      <DialogActions>
        <Button onClick={onBack}>Back</Button>
        <Button type="submit" variant="primary" pending={pending} disabled={count === 0 || isTooMany}>
          {count === 0 ? "Choose operations" : `Apply ${count}`}
        </Button>
      </DialogActions>
    </>
  );
}

interface FoundListProps extends Pick<FoundTools, "tools" | "missing"> {
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: OnChoose;
}

const FoundList = ({ tools, missing, chosen, onChoose }: FoundListProps) => (
  <ul className="max-h-[45dvh] divide-y divide-border overflow-y-auto rounded-md border border-border">
    {tools.map((tool) => (
      <FoundTool key={tool.name} tool={tool} isChosen={chosen.has(tool.name)} onChoose={onChoose} />
    ))}
    {missing.map((name) => (
      <li key={name} className="px-3 py-2">
        <Checkbox checked={chosen.has(name)} onChange={({ target }) => onChoose([name], target.checked)}>
          Delete <span className="font-mono text-xs break-all">{name}</span>{" "}
          <Badge tone="warn">Not in the document any more</Badge>
        </Checkbox>
      </li>
    ))}
    {tools.length + missing.length === 0 && (
      <li className="px-3 py-4 text-muted-foreground">No operation fits.</li>
    )}
  </ul>
);

interface FoundToolProps {
  readonly tool: FoundTools["tools"][number];
  readonly isChosen: boolean;
  readonly onChoose: OnChoose;
}

function FoundTool({ tool, isChosen, onChoose }: FoundToolProps) {
  const { name, description, effect, state, changes } = tool;
  const isFixed = state === "same" || state === "taken";
  return (
    <li className="px-3 py-2">
      <Checkbox
        checked={isChosen || state === "same"}
        disabled={isFixed}
        onChange={({ target }) => onChoose([name], target.checked)}
      >
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-mono text-xs font-medium break-all">{name}</span>
          <Badge>{EFFECT_WORDS[effect]}</Badge>
          {IMPORT_WORDS[state] && (
            <Badge tone={state === "changed" ? "warn" : "idle"}>{IMPORT_WORDS[state]}</Badge>
          )}
        </span>
        <span className="line-clamp-2 text-xs text-muted-foreground">{description}</span>
      </Checkbox>
      {changes.length > 0 && (
        <details className="mt-1 pl-6 text-xs">
          <summary className="cursor-pointer text-muted-foreground">What has changed</summary>
          <div className="mt-1.5">
            <ChangeList changes={changes} />
          </div>
        </details>
      )}
    </li>
  );
}

function LeftOut({ leftOut }: Pick<FoundTools, "leftOut">) {
  if (leftOut.length === 0) return null;
  return (
    <details className="text-xs text-muted-foreground">
      <summary className="cursor-pointer">
        {leftOut.length === 1 ? "1 operation" : `${leftOut.length} operations`} cannot be tools
      </summary>
      <ul className="mt-1 max-h-40 list-disc overflow-y-auto pl-5 break-words">
        {leftOut.map(({ operation, message }) => (
          <li key={`${operation} ${message}`}>
            <span className="font-mono">{operation}</span>: {message}
          </li>
        ))}
      </ul>
    </details>
  );
}
