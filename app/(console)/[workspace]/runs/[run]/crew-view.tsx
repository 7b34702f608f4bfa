"use client";
import { type ReactNode, useMemo } from "react";
import type { StepLog } from "#/operations/runs/contract.ts";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { ChevronRight, Wrench } from "#/app/_ui/icons.tsx";
import { RichValue } from "#/app/_ui/rich-value.tsx";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import { buildCrew, type CrewConversation, type CrewToolCall } from "./crew-tree.ts";

interface CrewViewProps {
  readonly steps: readonly StepLog[];
  readonly ended: boolean;
  readonly titleOf: (step: string) => string;
}

/** The conversations of a crew: who asked whom, and what was answered. Empty for runs without a crew. */
export function CrewView({ steps, ended, titleOf }: CrewViewProps) {
  const tasks = useMemo(() => buildCrew(steps, ended), [steps, ended]);
  if (tasks.length === 0) return undefined;
  return (
    <Card aria-label="Crew">
      <CardHeader title="Crew" description="Who asked whom, and what was answered" />
      <ol className="divide-y divide-border">
        {tasks.map((task) => (
          <li key={task.step} className="px-4 py-3">
            <p className="mb-1.5 text-xs text-muted-foreground">{titleOf(task.step)}</p>
            <Conversation conversation={task} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Conversation({ conversation }: { readonly conversation: CrewConversation }) {
  const { role, asked, status, error, tools, given } = conversation;
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <span className="font-medium">{role}</span>
        <StatusBadge status={status} />
      </div>
      <Asked text={asked} />
      {tools.length > 0 && <Tools calls={tools} />}
      {given.length > 0 && (
        <ol
          aria-label={`What ${role} gave to others`}
          className="mt-2 flex flex-col gap-3 border-l border-border pl-3"
        >
          {given.map((other) => (
            <li key={other.id}>
              <Conversation conversation={other} />
            </li>
          ))}
        </ol>
      )}
      {error !== undefined && <p className="mt-1 text-sm break-words text-bad">{error}</p>}
      <Answer conversation={conversation} />
    </div>
  );
}

/** The question opens to its full text. */
function Asked({ text }: { readonly text: string }) {
  return (
    <details className="group text-sm text-muted-foreground">
      <summary className="flex cursor-pointer list-none items-start gap-1.5 touch-target [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="mt-0.5 size-3.5 shrink-0 transition-transform group-open:rotate-90"
        />
        <span className="line-clamp-1 min-w-0 break-words group-open:hidden">{text}</span>
        <span className="hidden group-open:inline">Asked</span>
      </summary>
      <p className="py-1 pl-5 break-words whitespace-pre-wrap">{text}</p>
    </details>
  );
}

function Tools({ calls }: { readonly calls: readonly CrewToolCall[] }) {
  return (
    <ul className="mt-1 flex flex-col gap-0.5 text-xs text-muted-foreground">
      {calls.map((call) => (
        <li key={call.id}>
          <ToolCall call={call} />
        </li>
      ))}
    </ul>
  );
}

/** A call opens to what was asked of the tool and what it gave. */
function ToolCall({
  call: { tool, input, status, result, error, wasAsked },
}: {
  readonly call: CrewToolCall;
}) {
  return (
    <details className="group">
      <summary className="flex cursor-pointer list-none items-center gap-1.5 touch-target [&::-webkit-details-marker]:hidden">
        <Wrench aria-hidden className="size-3.5 shrink-0" />
        <code className="shrink-0 font-mono text-foreground">{tool}</code>
        <code className="w-0 flex-1 truncate font-mono group-open:invisible">{JSON.stringify(input)}</code>
        {status !== "succeeded" && (
          <StatusBadge status={status} {...(status === "waiting" && { waitingOn: "approval" })} />
        )}
        <ChevronRight aria-hidden className="size-3.5 shrink-0 transition-transform group-open:rotate-90" />
      </summary>
      <dl className="flex flex-col gap-1.5 py-1.5 pl-5 text-foreground">
        <Detail name="Arguments">
          <RichValue value={input} what={`arguments of ${tool}`} />
        </Detail>
        {wasAsked && <Detail name="Approval">{APPROVAL[status] ?? "A person was asked first."}</Detail>}
        {error !== undefined && (
          <Detail name="Error">
            <span className="break-words text-bad">{error}</span>
          </Detail>
        )}
        {result !== undefined && (
          <Detail name="Result">
            <RichValue value={result} what={`result of ${tool}`} />
          </Detail>
        )}
      </dl>
    </details>
  );
}

const APPROVAL: Readonly<Record<string, string>> = {
  waiting: "A person has to allow this call.",
  succeeded: "A person has allowed this call.",
};

function Detail({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-2xs font-medium text-ink-3">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function Answer({ conversation: { role, answer } }: { readonly conversation: CrewConversation }) {
  if (!answer) return undefined;
  return (
    <details className="group mt-1 text-sm">
      <summary className="flex cursor-pointer list-none items-center gap-1.5 text-primary touch-target [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        Answer
      </summary>
      <div className="pt-1 pl-5">
        <RichValue value={answer.value} what={`answer of ${role}`} />
      </div>
    </details>
  );
}
