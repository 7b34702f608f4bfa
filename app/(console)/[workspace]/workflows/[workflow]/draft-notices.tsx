"use client";
import { useState } from "react";
import type { Workflow } from "#/operations/workflows/contract.ts";
import { Button } from "#/app/_ui/button.tsx";
import { CopyButton } from "#/app/_ui/copy-button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { Select } from "#/app/_ui/field.tsx";
import { type Choices, type Clash, mergeDrafts } from "./_studio/merge.ts";

interface DraftConflictProps {
  readonly base: string;
  readonly text: string;
  /** The newer draft that somebody else has saved. */
  readonly conflict: Workflow;
  readonly onResolve: (text: string) => void;
}

/** Somebody else has saved another draft: both are merged step by step, and a person chooses where both changed the same. */
export function DraftConflict({ base, text, conflict, onResolve }: DraftConflictProps) {
  const [choices, setChoices] = useState<Choices>({});
  const versions = { base, mine: text, theirs: conflict.draftText };
  const asked = mergeDrafts(versions, {});
  const merged = mergeDrafts(versions, choices);
  const clashes = asked.ok ? [] : asked.clashes;
  const canMerge = asked.ok || clashes.length > 0;
  const actions = (
    <>
      {canMerge && (
        <Button variant="primary" disabled={!merged.ok} onClick={() => merged.ok && onResolve(merged.text)}>
          Merge both
        </Button>
      )}
      <Button onClick={() => onResolve(conflict.draftText)}>Take theirs</Button>
      <Button variant="danger" onClick={() => onResolve(text)}>
        Overwrite with mine
      </Button>
      <CopyButton text={text} what="your text" />
    </>
  );
  return (
    <Notice
      tone="warn"
      title="This draft was changed by someone else or in another tab"
      actions={actions}
      className="m-3"
    >
      {explain(asked.ok, clashes.length)}
      <ul className="mt-2 grid gap-1">
        {clashes.map((clash) => (
          <ClashChoice
            key={clash.part}
            clash={clash}
            value={choices[clash.part]}
            onChoose={(side) => setChoices({ ...choices, [clash.part]: side })}
          />
        ))}
      </ul>
    </Notice>
  );
}

function explain(isMergeable: boolean, clashes: number): string {
  if (isMergeable) return "You have changed different steps. Merging keeps both changes.";
  return clashes > 0
    ? "You have both changed these. Choose whose is kept; everything else is merged."
    : "The two texts cannot be merged. Choose one; yours can be copied first.";
}

interface ClashChoiceProps {
  readonly clash: Clash;
  readonly value: Choices[string] | undefined;
  readonly onChoose: (side: "mine" | "theirs") => void;
}

function ClashChoice({ clash, value, onChoose }: ClashChoiceProps) {
  return (
    <li className="flex items-center gap-2">
      <span className="min-w-0 flex-1 truncate">{clash.title}</span>
      <Select
        aria-label={`Whose change of ${clash.title}`}
        value={value ?? ""}
        onChange={({ target }) => onChoose(target.value === "mine" ? "mine" : "theirs")}
        className="w-40"
      >
        <option value="" disabled>
          Choose…
        </option>
        <option value="mine">Mine</option>
        <option value="theirs">Theirs</option>
      </Select>
    </li>
  );
}
