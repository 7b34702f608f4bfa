"use client";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { actionLabel } from "#/app/_ui/decision-actions.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { StateGlyph } from "#/app/_ui/state-glyph.tsx";
import { RelativeTime, RENEW_MS, useNow, writeMoment } from "#/app/_ui/time.tsx";
import { useSoonHydrated } from "#/app/_ui/use-hydrated.ts";
import { useWaitingAnswer } from "../_phone/use-decision-queue.ts";
import type { InboxItem } from "#/operations/inbox/contract.ts";
import type { ItemGroup } from "./group-items.ts";
import { momentOf, originOf, pressureOf, titleOf } from "./inbox-items.ts";
import { GROUP_NAME, LINE } from "./line-look.ts";
import { writeDue } from "./write-due.ts";

interface InboxListProps {
  readonly groups: readonly ItemGroup[];
  readonly shownId: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** The items, a line each: the question or the error itself, whose it is, how long it has waited and how long there is for it. */
export function InboxList({ groups, ...rest }: InboxListProps) {
  return (
    <ul aria-label="Waiting for a person">
      {groups.map((group, index) => (
        <Group key={group.title} group={group} isNamed={index > 0 || group.title !== YOURS} {...rest} />
      ))}
    </ul>
  );
}

/** At the top this group needs no name: it is what the page is for. */
const YOURS = "Waiting for you";

interface GroupProps extends Omit<InboxListProps, "groups"> {
  readonly group: ItemGroup;
  readonly isNamed: boolean;
}

function Group({ group: { title, items }, isNamed, shownId, onChoose }: GroupProps) {
  const id = useId();
  return (
    <li>
      <h2 id={id} className={isNamed ? GROUP_NAME : "sr-only"}>
        {title} {isNamed && <span className="font-normal">{items.length}</span>}
      </h2>
      <ul aria-labelledby={id}>
        {items.map((item) => (
          <Line key={item.id} item={item} isShown={item.id === shownId} onChoose={() => onChoose(item.id)} />
        ))}
      </ul>
    </li>
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
  // Whoever moves by keys sees where they are.
  useEffect(() => {
    if (!isShown) return;
    line.current?.scrollIntoView({ block: "nearest" });
    // A line that was clicked has the focus: it goes along.
    if (document.activeElement?.closest("ul[aria-label]")?.contains(line.current))
      button.current?.focus({ preventScroll: true });
  }, [isShown]);
  return (
    <li ref={line} className="border-b border-line">
      <button
        ref={button}
        type="button"
        aria-current={isShown ? "true" : undefined}
        onClick={onChoose}
        className={cn(LINE, isShown && "lg:bg-accent-soft lg:inset-shadow-[2px_0_var(--accent)]")}
      >
        <StateGlyph glyph={item.kind === "question" ? "waiting" : "failed"} className="mt-0.5" />
        <span className="min-w-0">
          <span className="block truncate font-medium">{titleOf(item)}</span>
          <span className="flex text-xs leading-5 text-ink-3">
            <span className="truncate">{originOf(item)}</span>
            <span className="shrink-0 whitespace-pre">
              , <RelativeTime at={momentOf(item)} />
            </span>
          </span>
        </span>
        <Answering item={item} />
      </button>
    </li>
  );
}

/** The time that there is for an answer, or the answer that waits for a network. */
function Answering({ item }: { readonly item: InboxItem }): ReactNode {
  const answer = useWaitingAnswer(item.id);
  if (answer)
    return (
      <span className="text-xs leading-5 text-accent-text">
        {actionLabel(answer.decision.action, answer.subject)}, waits
      </span>
    );
  return item.kind === "question" && item.approval.dueAt !== null && <Due at={item.approval.dueAt} />;
}

const PRESSURE_LOOK = {
  late: "font-medium text-fail-text",
  soon: "font-medium text-wait-text",
  later: "text-ink-3",
} as const;

function Due({ at }: { readonly at: string }): ReactNode {
  const now = useNow(RENEW_MS);
  // The server knows neither the reader's day nor their clock.
  if (!useSoonHydrated()) return <span className="text-xs leading-5 text-ink-3" />;
  return (
    <time
      dateTime={at}
      title={writeMoment(Date.parse(at))}
      className={cn("text-xs leading-5 whitespace-nowrap", PRESSURE_LOOK[pressureOf(at, now)])}
    >
      <span className="sr-only">Due: </span>
      {writeDue(at, now)}
    </time>
  );
}
