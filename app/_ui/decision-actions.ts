import { type DrawnIcon, Check, ChevronsUp, Pencil, RotateCw, X } from "#/app/_ui/icons.tsx";
import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import type { ButtonProps } from "#/app/_ui/button.tsx";

interface ActionLook {
  readonly icon: DrawnIcon;
  readonly variant: ButtonProps["variant"];
  /** Names what somebody did by choosing an action. */
  readonly done: string;
  /** The key that chooses it where one question is looked at. */
  readonly key?: "a" | "e" | "r";
  /** Says what happens then. */
  readonly consequence: string;
}

const LOOKS: Readonly<Record<string, ActionLook>> = {
  approve: {
    icon: Check,
    variant: "primary",
    done: "Approved",
    key: "a",
    consequence: "The run goes on with what is shown here.",
  },
  edit: {
    icon: Pencil,
    variant: "outline",
    done: "Edited and approved",
    key: "e",
    consequence: "The run goes on with what you change.",
  },
  reject: {
    icon: X,
    variant: "danger",
    done: "Rejected",
    key: "r",
    consequence:
      "What is asked for is not done. The run ends, or takes the way that its workflow has for a no.",
  },
  // What a server asks in the middle of a call, and a tool of it that has changed.
  answer: {
    icon: Check,
    variant: "primary",
    done: "Answered",
    key: "a",
    consequence: "Your answer goes back to whoever asks.",
  },
  accept: {
    icon: Check,
    variant: "primary",
    done: "Accepted the change",
    key: "a",
    consequence: "The new form is taken in, for all workflows.",
  },
  accept_run: {
    icon: Check,
    variant: "primary",
    done: "Accepted the change for this run",
    key: "a",
    consequence: "The new form counts for this run alone.",
  },
  accept_version: {
    icon: Check,
    variant: "outline",
    done: "Accepted the change for this version",
    consequence: "The new form counts for this version of the workflow.",
  },
  block: {
    icon: X,
    variant: "danger",
    done: "Blocked the tool",
    key: "r",
    consequence: "The tool is withdrawn, and the run goes on without it.",
  },
  // What a budget and a write in doubt ask.
  raise: {
    icon: ChevronsUp,
    variant: "primary",
    done: "Raised the limit",
    key: "a",
    consequence: "The limit is raised, and the run goes on.",
  },
  take_last_answer: {
    icon: Check,
    variant: "outline",
    done: "Took its last answer",
    consequence: "The agent is done with the answer that was sent back last, as it is.",
  },
  stop: {
    icon: X,
    variant: "danger",
    done: "Stopped the run",
    key: "r",
    consequence: "The run ends here. What it has done so far is kept.",
  },
  sent: {
    icon: Check,
    variant: "outline",
    done: "Said it was sent",
    consequence: "The run goes on as if it had been answered.",
  },
  not_sent: {
    icon: X,
    variant: "outline",
    done: "Said it was not sent",
    consequence: "The step fails, and nothing is sent again.",
  },
  retry: {
    icon: RotateCw,
    variant: "outline",
    done: "Sent again",
    consequence: "It is sent once more, marked as the same request.",
  },
};

const STOPPED_AGENT = {
  done: "Stopped the agent",
  consequence: "The agent gives no answer. Its step fails, or whoever asked it is told so.",
};

/** What an action is where it does something else than its name does mostly. */
const LOOKS_ABOUT: Readonly<
  Partial<Record<ApprovalSubject, Readonly<Record<string, Pick<ActionLook, "done" | "consequence">>>>>
> = {
  turns: {
    raise: { done: "Added turns", consequence: "The agent goes on where it is, with so many more turns." },
    stop: STOPPED_AGENT,
  },
  rounds: {
    raise: { done: "Added rounds", consequence: "The agent works on, for so many more rounds." },
    stop: STOPPED_AGENT,
  },
  agent_budget: {
    raise: {
      done: "Raised its budget",
      consequence: "The agent goes on where it is, and may spend so much more.",
    },
    stop: STOPPED_AGENT,
  },
};

const wordsOf = (action: string, subject: ApprovalSubject | undefined) =>
  (subject && LOOKS_ABOUT[subject]?.[action]) ?? LOOKS[action];

export const lookOfAction = (action: string): Pick<ActionLook, "icon" | "variant"> | undefined =>
  LOOKS[action];

export const keyOfAction = (action: string): string | undefined => LOOKS[action]?.key;

/** Says what happens when somebody chooses an action. What a workflow calls its own actions only it knows. */
export function consequenceOf(action: string, subject?: ApprovalSubject): string {
  return wordsOf(action, subject)?.consequence ?? "The run goes on with this answer.";
}

/** An action's name as a sentence's beginning: ask_again → Ask again. */
export function actionName(action: string): string {
  const words = action.replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Names what somebody did by choosing an action. */
export function actionLabel(action: string, subject?: ApprovalSubject): string {
  return wordsOf(action, subject)?.done ?? `Chose “${actionName(action)}”`;
}
