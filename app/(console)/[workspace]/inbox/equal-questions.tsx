"use client";
import { Checkbox } from "#/app/_ui/field.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import type { Question } from "./inbox-items.ts";

interface EqualQuestionsProps {
  readonly questions: readonly Question[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Questions that the same step asks, to be answered alike: all of them, or those that are ticked. */
export function EqualQuestions({ questions, chosen, onChange }: EqualQuestionsProps) {
  if (questions.length === 0) return null;
  const ids = questions.map(({ id }) => id);
  const isAll = ids.every((id) => chosen.includes(id));
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <fieldset className="rounded-lg border border-line px-3 py-2">
      <legend className="px-1 text-xs text-ink-3">The same step asks</legend>
      <Checkbox checked={isAll} onChange={() => onChange(isAll ? [] : ids)}>
        <span className="font-medium">
          {ids.length === 1
            ? "One more question: answer it alike"
            : `${ids.length} more questions: answer all alike`}
        </span>
      </Checkbox>
      <ul className="mt-1 flex max-h-40 flex-col gap-0.5 overflow-y-auto">
        {questions.map(({ id, approval }) => (
          <li key={id}>
            <Checkbox checked={chosen.includes(id)} onChange={() => toggle(id)}>
              {approval.title}{" "}
              <span className="text-xs text-ink-3">
                asked <RelativeTime at={approval.requestedAt} />
              </span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
