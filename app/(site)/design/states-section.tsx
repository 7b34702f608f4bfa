import { RUN_STATUSES } from "#/agents/vocabulary/run.ts";
import { TRIGGER_KINDS } from "#/agents/vocabulary/run.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import { StonePile } from "#/app/_ui/stone-pile.tsx";
import { TriggerLabel } from "#/app/_ui/trigger-label.tsx";
import { RunTrail } from "../../(console)/[workspace]/runs/_list/run-trail.tsx";
import { Sample, SampleSection } from "./sample.tsx";

const OF_STEPS = ["pending", "skipped", "unreached", "rejected"];
const OF_QUESTIONS = ["open", "decided", "expired"];
const OF_DOCUMENTS = ["reading", "embedding", "ready"];

const PILES = [
  ["here", "open", "open", "open"],
  ["laid", "laid", "here", "open"],
  ["laid", "laid", "laid", "laid"],
] as const;

/** How runs, steps, questions and documents stand. */
export function StatesSection() {
  return (
    <SampleSection id="states" title="States">
      <Statuses label="Runs" statuses={RUN_STATUSES} />
      <Sample label="Waiting for">
        {(["approval", "timer", "event", "child"] as const).map((wait) => (
          <Apart key={wait}>
            <StatusBadge status="waiting" waitingOn={wait} />
          </Apart>
        ))}
      </Sample>
      <Statuses label="Steps" statuses={OF_STEPS} />
      <Statuses label="Questions" statuses={OF_QUESTIONS} />
      <Statuses label="Documents" statuses={OF_DOCUMENTS} />
      <Sample label="Trails">
        {RUN_STATUSES.map((status) => (
          <Apart key={status}>
            <RunTrail run={{ step: status === "succeeded" ? 14 : 5, status }} />
          </Apart>
        ))}
      </Sample>
      <Sample label="Piles">
        {PILES.map((stones) => (
          // 102 px high: by a part of one, everything below would lie between pixels.
          <StonePile key={stones.join()} stones={stones} className="w-35" />
        ))}
      </Sample>
      <Sample label="Triggers">
        {TRIGGER_KINDS.map((kind) => (
          <Apart key={kind}>
            <TriggerLabel kind={kind} />
          </Apart>
        ))}
      </Sample>
      <Sample label="Tags">
        <Badge>Draft</Badge>
        <Badge tone="info">Try</Badge>
        <Badge tone="ok">Connected</Badge>
        <Badge tone="warn">Due today</Badge>
        <Badge tone="bad">Late</Badge>
      </Sample>
    </SampleSection>
  );
}

interface StatusesProps {
  readonly label: string;
  readonly statuses: readonly string[];
}

const Statuses = ({ label, statuses }: StatusesProps) => (
  <Sample label={label}>
    {statuses.map((status) => (
      <Apart key={status}>
        <StatusBadge status={status} />
      </Apart>
    ))}
  </Sample>
);

/** A badge hangs to the left of its place. */
const Apart = ({ children }: { readonly children: React.ReactNode }) => (
  <span className="pr-3 pl-1">{children}</span>
);
