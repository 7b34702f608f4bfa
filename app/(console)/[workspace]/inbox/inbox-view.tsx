"use client";
import { Inbox } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { StonePile } from "#/app/_ui/stone-pile.tsx";
import { Tabs } from "#/app/_ui/tabs.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { useOnline } from "#/app/_ui/use-online.ts";
import { SegmentedControl } from "#/app/_ui/segmented-control.tsx";
import type { InboxItem, WhoseInbox } from "#/operations/inbox/contract.ts";
import { useInbox } from "../_data/approvals.ts";
import { AwayNotice } from "../_phone/away-notice.tsx";
import { RefusedAnswers } from "../_phone/queued-answers.tsx";
import { useQueuedDecisions } from "../_phone/use-decision-queue.ts";
import { DecidedList } from "./decided-list.tsx";
import { DecidedToday } from "./decided-today-list.tsx";
import { FailureDetail } from "./failure-detail.tsx";
import { groupItems } from "./group-items.ts";
import { chooseItem } from "./inbox-items.ts";
import { ITEM_ID, useInboxKeys } from "./inbox-keys.ts";
import { InboxList } from "./inbox-list.tsx";
import { QuestionDetail } from "./question-detail.tsx";
import { useChosen } from "./use-chosen.ts";

interface InboxViewProps {
  /** The page comes from the device, whatever the browser says of the network. */
  readonly isAway?: boolean;
}

/** Everything that waits for a person in one list, one of it in full beside it, and what people have decided. */
export function InboxView({ isAway = false }: InboxViewProps) {
  const { tab, whose, item, choose } = useChosen();
  const { data, error, isPending, refetch } = useInbox(whose);
  // On a narrow screen the item has the page to itself.
  const covered = item === undefined ? "" : "max-lg:hidden";
  const count = data && `${data.items.length}${data.nextCursor === null ? "" : "+"}`;
  const open = data ? (
    <OpenItems items={data.items} whose={whose} isAway={isAway} />
  ) : isPending ? (
    <SkeletonRows />
  ) : (
    <LoadProblem what="the inbox" error={error} onRetry={() => void refetch()} />
  );
  return (
    <div data-full-sheet className="flex flex-col lg:h-[calc(100dvh-1rem-2px)]">
      <div className={cn("flex items-center gap-3 px-4 pt-3 pb-1 md:px-5 md:pt-5", covered)}>
        <h1 className="flex-1 text-xl font-semibold">Inbox</h1>
        {tab === "open" && (
          <SegmentedControl
            label="Whose"
            options={WHOSE}
            value={whose}
            onChange={(next) => choose({ whose: next === "team" ? undefined : next, item: undefined })}
          />
        )}
      </div>
      <InboxNotices isAway={isAway} />
      <Tabs
        label="Inbox"
        value={tab}
        className={cn(
          "flex min-h-0 flex-1 flex-col *:first:px-4 md:*:first:px-5",
          covered && "max-lg:*:first:hidden",
        )}
        panelClassName="min-h-0 flex-1 pt-0"
        onChange={(value) => choose({ tab: value === "open" ? undefined : value, item: undefined })}
        tabs={[
          {
            value: "open",
            label: (
              <>
                Open{" "}
                {count !== undefined && (
                  <span className="ml-0.5 text-xs font-normal text-ink-3">{count}</span>
                )}
              </>
            ),
            content: open,
          },
          { value: "decided", label: "Decided", content: <DecidedList /> },
        ]}
      />
    </div>
  );
}

const WHOSE = [
  { value: "mine", label: "Mine" },
  { value: "team", label: "Team" },
] as const;

/** What somebody should know before they answer: there is no network, or an earlier answer was not taken. */
function InboxNotices({ isAway }: { readonly isAway: boolean }) {
  const { dataUpdatedAt } = useInbox(useChosen().whose);
  const isOffline = !useOnline() || isAway;
  const refused = useQueuedDecisions().filter(({ refusal }) => refusal !== undefined);
  if (!isOffline && refused.length === 0) return null;
  return (
    <div className="flex flex-col gap-2 px-4 py-2 md:px-5">
      {isOffline && <AwayNotice seenAt={dataUpdatedAt} />}
      <RefusedAnswers answers={refused} />
    </div>
  );
}

interface OpenItemsProps extends Required<InboxViewProps> {
  readonly items: readonly InboxItem[];
  readonly whose: WhoseInbox;
}

const NOTHING: Readonly<Record<WhoseInbox, { readonly title: string; readonly text: string }>> = {
  team: {
    title: "Nothing is waiting for you",
    text: "Questions of approval steps and tools, budgets and limits of agents that are used up, and runs that failed appear here, and on the run’s page.",
  },
  mine: {
    title: "Nothing of yours is waiting",
    text: "Questions and failures of runs that you have started appear here, also those that a key, schedule or webhook of yours has started. Team shows everything.",
  },
};

function OpenItems({ items, whose, isAway }: OpenItemsProps) {
  return items.length === 0 ? (
    <EmptyState icon={Inbox} picture={<AllLaid />} title={NOTHING[whose].title}>
      {NOTHING[whose].text}
    </EmptyState>
  ) : (
    <TwoPanes items={items} hasDecided={whose === "team" && !isAway} />
  );
}

const LAID = ["laid", "laid", "laid", "laid"] as const;
const AllLaid = () => <StonePile stones={LAID} className="mb-3 w-60" />;

interface TwoPanesProps {
  readonly items: readonly InboxItem[];
  /** What people have decided today stands below: of everybody, and only where there is a network. */
  readonly hasDecided: boolean;
}

/** On a narrow screen it is as high as the page, so that its buttons stand at the foot. */
const PANE =
  "flex min-w-0 flex-col max-md:min-h-[calc(100dvh-7rem)] md:max-lg:min-h-[calc(100dvh-1rem-2px)] lg:overflow-y-auto";

/** The list and what is chosen of it side by side; on a narrow screen one of them. */
function TwoPanes({ items: unsorted, hasDecided }: TwoPanesProps) {
  const { item: chosen, choose } = useChosen();
  const groups = groupItems(unsorted);
  // Keys move as the eye does.
  const items = groups.flatMap((group) => group.items);
  const [lastIndex, setLastIndex] = useState(0);
  const item = chooseItem(items, chosen, lastIndex);
  const index = item ? items.indexOf(item) : 0;
  // The place is kept: when its item is decided, the next one is looked at.
  if (index !== lastIndex) setLastIndex(index);
  const move = (by: 1 | -1) =>
    choose({ item: items[Math.max(0, Math.min(index + by, items.length - 1))]?.id });
  useInboxKeys({ onMove: move });
  return (
    <div className="h-full lg:grid lg:grid-cols-[20rem_minmax(0,1fr)] xl:grid-cols-[24rem_minmax(0,1fr)]">
      <div
        className={cn(
          "lg:overflow-y-auto lg:border-r lg:border-line",
          chosen !== undefined && "max-lg:hidden",
        )}
      >
        <InboxList groups={groups} shownId={item?.id} onChoose={(id) => choose({ item: id })} />
        {hasDecided && <DecidedToday />}
      </div>
      {item && (
        <div id={ITEM_ID} className={cn(PANE, chosen === undefined && "max-lg:hidden")}>
          <Detail
            item={item}
            items={items}
            place={`${index + 1} of ${items.length}`}
            onBack={() => choose({ item: undefined })}
          />
        </div>
      )}
    </div>
  );
}

interface DetailProps {
  readonly item: InboxItem;
  readonly items: readonly InboxItem[];
  readonly place: string;
  readonly onBack: () => void;
}

function Detail({ item, items, ...rest }: DetailProps) {
  return item.kind === "question" ? (
    <QuestionDetail key={item.id} question={item} items={items} {...rest} />
  ) : (
    <FailureDetail key={item.id} run={item.run} {...rest} />
  );
}
