import { CornerLeftUp } from "#/app/_ui/icons.tsx";
import { JsonView } from "#/app/_ui/json-view.tsx";
import { isJsonObject } from "#/lib/json-object.ts";
import { findOrigins, type Origin } from "./origins.ts";
import { QuestionView } from "./question-view.tsx";
import type { AskedQuestion } from "./read-question.ts";
import { isThere } from "./step-facts.ts";

interface InputTabProps {
  readonly input: unknown;
  readonly asked: AskedQuestion | undefined;
  /** The step as its definition has it. */
  readonly definition: unknown;
  readonly titleOf: (step: string) => string;
  readonly onOpenStep: (step: string) => void;
}

/** Shows the input of a step, every expression filled in; each value leads to the step that made it. */
export function InputTab({ input, asked, ...rest }: InputTabProps) {
  if (!asked) return <GivenInput input={input} {...rest} />;
  return (
    <div className="flex flex-col gap-4">
      <QuestionView {...asked} />
      {isThere(input) && <GivenInput input={input} {...rest} />}
    </div>
  );
}

function GivenInput({ input, definition, titleOf, onOpenStep }: Omit<InputTabProps, "asked">) {
  if (!isThere(input)) return <p className="text-ink-3">It was given nothing.</p>;
  if (!isJsonObject(input)) return <JsonView value={input} what="input" />;
  return (
    <dl>
      {Object.entries(input).map(([name, value]) => (
        <div key={name} className="border-t border-line py-2 first:border-0 first:pt-0">
          <dt className="mb-1 flex flex-wrap items-center justify-between gap-x-3">
            <span className="text-ink-3">{name}</span>
            <span className="flex flex-wrap gap-x-3">
              {findOrigins(definition, name).map((origin) => (
                <OriginLink
                  key={keyOfOrigin(origin)}
                  origin={origin}
                  titleOf={titleOf}
                  onOpenStep={onOpenStep}
                />
              ))}
            </span>
          </dt>
          <dd className="min-w-0">
            <JsonView value={value} what={name} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

const keyOfOrigin = (origin: Origin) => (origin.kind === "step" ? `step ${origin.step}` : origin.kind);

interface OriginLinkProps extends Pick<InputTabProps, "titleOf" | "onOpenStep"> {
  readonly origin: Origin;
}

function OriginLink({ origin, titleOf, onOpenStep }: OriginLinkProps) {
  if (origin.kind !== "step")
    return (
      <span className="text-xs text-ink-3">
        {origin.kind === "input" ? "input of the run" : "fixed text"}
      </span>
    );
  return (
    <button
      type="button"
      onClick={() => onOpenStep(origin.step)}
      className="inline-flex items-center gap-1 text-xs text-accent-text touch-target hover:underline"
    >
      <CornerLeftUp aria-hidden className="size-3" />
      <span className="sr-only">Made by </span>
      {titleOf(origin.step)}
    </button>
  );
}
