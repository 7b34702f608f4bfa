import { sayUsd } from "#/agents/engine/say-amount.ts";
import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";

/** A limit that an agent has of its own, with what was added to it, and what it has used. Money in US dollars. */
export interface OwnLimit {
  readonly kind: "turns" | "rounds" | "costUsd";
  readonly most: number;
  readonly used: number;
}

/** The words and numbers of one kind of limit. */
interface LimitKind {
  readonly subject: ApprovalSubject;
  /** Of the failure of an agent that is stopped at it. */
  readonly code: string;
  /** The field of the definition that sets it. */
  readonly field: string;
  readonly howMuch: "how many" | "how much";
  readonly explained: string;
  readonly usedName: string;
  readonly say: (amount: number) => string;
  /** What is used, as the question shows it. */
  readonly show: (amount: number) => number | string;
  /** What is added where a person names no number. */
  readonly offer: (limit: OwnLimit) => number;
  /** The JSON Schema of what a person may add. */
  readonly buildField: (limit: OwnLimit) => Readonly<Record<string, unknown>>;
}

/** As much as a definition may give an agent; who needs more is asked again. */
const MOST_TURNS = 50;
const MOST_ROUNDS = 20;
const MOST_USD = 1_000_000;

function counted(one: string, most: number) {
  const offer = (limit: OwnLimit) => Math.min(limit.most, most);
  return {
    howMuch: "how many" as const,
    usedName: `${one}s used`,
    say: (amount: number) => `${amount} ${one}${amount === 1 ? "" : "s"}`,
    show: (amount: number) => amount,
    offer,
    buildField: (limit: OwnLimit) => ({
      type: "integer",
      title: `More ${one}s`,
      minimum: 1,
      maximum: most,
      default: offer(limit),
    }),
  };
}

const roundUp = (value: number, parts: number) => Math.ceil(value * parts) / parts;
/** At least what has been spent over it already. */
const leastUsd = ({ most, used }: OwnLimit) => roundUp(used - most + 1e-6, 1e6);
const offerUsd = (limit: OwnLimit) => Math.max(roundUp(limit.most, 1e2), roundUp(leastUsd(limit), 1e2));

/** What each limit is called where people and logs read of it. */
export const LIMIT_KINDS: Readonly<Record<OwnLimit["kind"], LimitKind>> = {
  turns: {
    ...counted("turn", MOST_TURNS),
    subject: "turns",
    code: "turn-limit",
    field: "maxIterations",
    explained:
      "Each turn is a call of its model, with the tools that it asks for. With more turns it goes on where it is.",
  },
  rounds: {
    ...counted("round", MOST_ROUNDS),
    subject: "rounds",
    code: "round-limit",
    field: "until.rounds",
    explained: "Its answer is checked after each round of work. With more rounds it goes on.",
  },
  costUsd: {
    subject: "agent_budget",
    code: "cost-limit",
    field: "until.maxCostUsd",
    howMuch: "how much",
    explained: "This is the agent’s own limit, not that of its run. With more money it goes on where it is.",
    usedName: "spent",
    say: sayUsd,
    show: sayUsd,
    offer: offerUsd,
    buildField: (limit) => ({
      type: "number",
      title: "More US dollars",
      minimum: leastUsd(limit),
      maximum: MOST_USD,
      default: offerUsd(limit),
    }),
  },
};
