"use client";
import { actionLabel } from "#/app/_ui/decision-actions.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { RichValue } from "#/app/_ui/rich-value.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { dropDecision, type QueuedDecision } from "#/app/_device/decision-queue.ts";

/** An answer that waits for the network, in the place of the form that gave it. */
export function WaitingAnswer({ answer }: { readonly answer: QueuedDecision }) {
  return (
    <Notice
      tone="info"
      title="Your answer waits for the network"
      actions={<Button onClick={() => void dropDecision(answer.id)}>Take it back</Button>}
    >
      <GivenAnswer answer={answer} />
      <p className="mt-1 text-xs text-ink-3">
        It is sent once, as soon as Cairn is open and there is a network.
      </p>
    </Notice>
  );
}

/** Answers that were sent and not taken, each with the reason and what it was. They stay until they are read. */
export function RefusedAnswers({ answers }: { readonly answers: readonly QueuedDecision[] }) {
  return answers.map((answer) => (
    <Notice
      key={answer.id}
      tone="bad"
      title={`Your answer to “${answer.title}” was not taken`}
      actions={<Button onClick={() => void dropDecision(answer.id)}>Got it</Button>}
    >
      {answer.refusal}
      <GivenAnswer answer={answer} />
    </Notice>
  ));
}

function GivenAnswer({ answer: { decision, subject, madeAt } }: { readonly answer: QueuedDecision }) {
  return (
    <>
      <p>
        You answered <strong className="font-semibold">{actionLabel(decision.action, subject)}</strong>{" "}
        <RelativeTime at={new Date(madeAt).toISOString()} />
        {decision.comment === undefined ? "." : ":"}
      </p>
      {decision.comment !== undefined && (
        <blockquote className="mt-1 border-l-2 border-line-2 pl-3">{decision.comment}</blockquote>
      )}
      {decision.values && (
        <div className="mt-1">
          <RichValue value={decision.values} what="what you have filled in" />
        </div>
      )}
    </>
  );
}
