"use client";
import { CopyButton } from "#/app/_ui/copy-button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { RichValue } from "#/app/_ui/rich-value.tsx";
import { Tabs } from "#/app/_ui/tabs.tsx";
import type { StepLog } from "#/operations/runs/contract.ts";
import { LiveTaskView } from "../live-task-view.tsx";
import { TaskCost } from "../task-cost.tsx";
import type { RunAddress } from "../use-address.ts";
import type { Span } from "../_waterfall/span.ts";
import { InputTab } from "./input-tab.tsx";
import { AttemptsTab, LogsTab, MessagesTab, ToolsTab } from "./log-tabs.tsx";
import { findStep } from "./origins.ts";
import { isThere, readFacts, type StepFacts } from "./step-facts.ts";

interface StepPanelProps {
  readonly span: Span;
  readonly address: RunAddress;
  readonly onAddress: (change: { readonly tab?: string; readonly try?: string | undefined }) => void;
  /** The definition that ran. */
  readonly definition: unknown;
  readonly stepType: string | undefined;
  readonly titleOf: (step: string) => string;
  readonly onOpenStep: (step: string) => void;
}

/** Everything that the log has of one line: what it was given, what it made, how it came to that. */
export function StepPanel(props: StepPanelProps) {
  const { span, address, onAddress } = props;
  const facts = readFacts(span);
  if (!facts) return <p className="p-4 text-ink-3">Choose a line below it to read what was done.</p>;
  const tabs = listTabs(facts, props);
  const known = tabs.some(({ value }) => value === address.tab);
  return (
    <div className="px-4 pt-1 pb-6">
      <Tabs
        label="About this step"
        value={known && address.tab !== undefined ? address.tab : firstTab(facts)}
        onChange={(tab) => onAddress({ tab })}
        tabs={tabs}
      />
    </div>
  );
}

/** A failure shows what it was given, everything else what it made. */
const firstTab = ({ error, output, live }: StepFacts) =>
  error !== null || (!isThere(output) && live.length === 0) ? "input" : "output";

function listTabs(facts: StepFacts, props: StepPanelProps) {
  const { address, onAddress, definition, titleOf, onOpenStep } = props;
  const { lines, turns, tools, error } = facts;
  return [
    {
      value: "input",
      label: "Input",
      content: (
        <div className="flex flex-col gap-3">
          {error && <Failure error={error} />}
          <InputTab
            input={facts.input}
            asked={facts.asked}
            definition={findStep(definition, facts.step)}
            titleOf={titleOf}
            onOpenStep={onOpenStep}
          />
        </div>
      ),
    },
    { value: "output", label: "Output", content: <Output facts={facts} stepType={props.stepType} /> },
    ...(turns.length > 0
      ? [
          {
            value: "messages",
            label: <Counted word="Messages" of={turns} />,
            content: <MessagesTab lines={turns} />,
          },
        ]
      : []),
    ...(tools.length > 0
      ? [
          {
            value: "tools",
            label: <Counted word="Tool calls" of={tools} />,
            content: <ToolsTab lines={tools} />,
          },
        ]
      : []),
    {
      value: "attempts",
      label: <Counted word="Attempts" of={lines} />,
      content: (
        <AttemptsTab
          lines={lines}
          chosen={address.attempt}
          onChoose={(seq) => onAddress({ try: seq === undefined ? undefined : String(seq) })}
        />
      ),
    },
    { value: "logs", label: "Logs", content: <LogsTab lines={lines} /> },
    { value: "cost", label: "Cost", content: <Cost lines={lines} /> },
  ];
}

function Counted({ word, of }: { readonly word: string; readonly of: readonly unknown[] }) {
  return (
    <>
      {word}
      {of.length > 0 && <span className="ml-1 text-xs font-normal text-ink-3">{of.length}</span>}
    </>
  );
}

function Failure({ error }: { readonly error: NonNullable<StepFacts["error"]> }) {
  return (
    <Notice tone="bad" title={error.code} actions={<CopyButton text={error.message} what="error" labelled />}>
      {error.message}
    </Notice>
  );
}

function Cost({ lines }: { readonly lines: readonly StepLog[] }) {
  return lines.some(({ model }) => model !== null) ? (
    <TaskCost tries={lines} />
  ) : (
    <p className="text-ink-3">No model was asked: it cost nothing.</p>
  );
}

interface OutputProps {
  readonly facts: StepFacts;
  readonly stepType: string | undefined;
}

function Output({ facts: { output, error, live }, stepType }: OutputProps) {
  return (
    <div className="flex flex-col gap-3">
      {live.map((task) => (
        <LiveTaskView key={task.taskId} task={task} stepType={stepType} />
      ))}
      {error && <Failure error={error} />}
      {isThere(output) && <RichValue value={output} what="output" />}
      {!isThere(output) && !error && live.length === 0 && <p className="text-ink-3">It made nothing.</p>}
    </div>
  );
}
