import { openProposal } from "#/app/_ui/proposal.ts";
import { actionName } from "#/app/_ui/decision-actions.ts";
import { readFields } from "#/app/_ui/schema-fields.ts";
import { ShownValue } from "#/app/_ui/shown-value.tsx";
import type { AskedQuestion } from "./read-question.ts";

/** Shows what a step has asked a person: the question, what it rests on, what was to be filled in, and the answers there are. */
export function QuestionView({ title, description, shown, form, actions }: AskedQuestion) {
  const fields = readFields(openProposal(form ?? null).form);
  return (
    <section aria-label="Question to a person" className="flex flex-col gap-3">
      <div>
        <h3 className="text-ink-3">Asked a person</h3>
        <p className="font-medium break-words">{title}</p>
        {description !== undefined && <p className="mt-0.5 break-words text-ink-2">{description}</p>}
      </div>
      <ShownValue value={shown} />
      <dl className="grid grid-cols-[fit-content(8rem)_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {fields.length > 0 && (
          <>
            <dt className="text-ink-3">To fill in</dt>
            <dd>
              {fields.map(({ name, label, hint }) => (
                <p key={name}>
                  {label} {hint !== undefined && <span className="text-xs text-ink-3">{hint}</span>}
                </p>
              ))}
            </dd>
          </>
        )}
        <dt className="text-ink-3">Answers</dt>
        <dd>{actions.map(actionName).join(", ")}</dd>
      </dl>
    </section>
  );
}
