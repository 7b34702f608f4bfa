"use client";
import { type ReactNode, useEffect, useRef } from "react";
import { actionLabel } from "#/app/_ui/decision-actions.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { StateGlyph } from "#/app/_ui/state-glyph.tsx";
import { RelativeTime, RENEW_MS, useNow } from "#/app/_ui/time.tsx";
import { useWaitingAnswer } from "../_phone/use-decision-queue.ts";
import type { InboxItem } from "#/operations/inbox/contract.ts";
import { momentOf, originOf, pressureOf, titleOf } from "./inbox-items.ts";

interface InboxListProps {
  readonly items: readonly InboxItem[];
  readonly shownId: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** The items, a line each: the question or the error itself, whose it is, how long it has waited and how long there is for it. */
export function InboxList({ items, shownId, onChoose }: InboxListProps) {
  return (
    <ul aria-label="Waiting for a person">
      {items.map((item) => (
        <Line key={item.id} item={item} isShown={item.id === shownId} onChoose={() => onChoose(item.id)} />
      ))}
    </ul>
  );
}

interface LineProps {
  readonly item: InboxItem;
  readonly isShown: boolean;
  readonly onChoose: () => void;
}

function Line({ item, isShown, onChoose }: LineProps) {
  const line = useRef<HTMLLIElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const answer = useWaitingAnswer(item.id);
  // Whoever moves by keys sees where they are.
  useEffect(() => {
    if (!isShown) return;
    line.current?.scrollIntoView({ block: "nearest" });
    // A line that was clicked has the focus: it goes along.
    if (line.current?.parentElement?.contains(document.activeElement))
      button.current?.focus({ preventScroll: true });
  }, [isShown]);
  return (
    <li ref={line} className="border-b border-line">
      <button
        ref={button}
        type="button"
        aria-current={isShown ? "true" : undefined}
        onClick={onChoose}
        className={cn(
          "grid min-h-16 w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-start gap-x-3 px-4 py-3 text-left -outline-offset-2 hover:bg-hover md:px-5",
          isShown && "lg:bg-accent-soft lg:inset-shadow-[2px_0_var(--accent)]",
        )}
      >
        <StateGlyph glyph={item.kind === "question" ? "waiting" : "failed"} className="mt-0.5" />
        <span className="min-w-0">
          <span className="block truncate font-medium">{titleOf(item)}</span>
          <span className="block truncate text-xs leading-5 text-ink-3">
            {originOf(item)}, <RelativeTime at={momentOf(item)} />
          </span>
        </span>
        {answer ? (
          <span className="text-xs leading-5 text-accent-text">
            {actionLabel(answer.decision.action, answer.subject)}, waits
          </span>
        ) : (
          item.kind === "question" && item.approval.dueAt !== null && <Due at={item.approval.dueAt} />
        )}
      </button>
    </li>
  );
}

const PRESSURE_LOOK = {
  late: "font-medium text-fail-text",
  soon: "font-medium text-wait-text",
  later: "text-ink-3",
} as const;

function Due({ at }: { readonly at: string }): ReactNode {
  const now = useNow(RENEW_MS);
  const pressure = pressureOf(at, now);
  return (
    <span suppressHydrationWarning className={cn("text-xs leading-5", PRESSURE_LOOK[pressure])}>
      {pressure === "late" ? "due " : ""}
      <RelativeTime at={at} />
    </span>
  );
}
