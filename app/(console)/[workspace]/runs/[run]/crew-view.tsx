"use client";
import { useMemo } from "react";
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
  const { role, asked, status, tools, given } = conversation;
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
    <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted-foreground">
      {calls.map(({ id, tool, status }) => (
        <li key={id} className="flex items-center gap-1.5">
          <Wrench aria-hidden className="size-3.5" />
          <code className="font-mono">{tool}</code>
          {status !== "succeeded" && <StatusBadge status={status} />}
        </li>
      ))}
    </ul>
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
