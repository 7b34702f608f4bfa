import { type DrawnIcon, Check, ChevronsUp, Pencil, RotateCw, X } from "#/app/_ui/icons.tsx";
import type { ButtonProps } from "#/app/_ui/button.tsx";

interface ActionLook {
  readonly icon: DrawnIcon;
  readonly variant: ButtonProps["variant"];
  /** Names what somebody did by choosing an action. */
  readonly done: string;
}

const LOOKS: Readonly<Record<string, ActionLook>> = {
  approve: { icon: Check, variant: "primary", done: "Approved" },
  edit: { icon: Pencil, variant: "outline", done: "Edited and approved" },
  reject: { icon: X, variant: "danger", done: "Rejected" },
  // What a server asks in the middle of a call, and a tool of it that has changed.
  answer: { icon: Check, variant: "primary", done: "Answered" },
  accept: { icon: Check, variant: "primary", done: "Accepted the change" },
  accept_run: { icon: Check, variant: "primary", done: "Accepted the change for this run" },
  accept_version: { icon: Check, variant: "outline", done: "Accepted the change for this version" },
  block: { icon: X, variant: "danger", done: "Blocked the tool" },
  // What a budget and a write in doubt ask.
  raise: { icon: ChevronsUp, variant: "primary", done: "Raised the limit" },
  stop: { icon: X, variant: "danger", done: "Stopped the run" },
  sent: { icon: Check, variant: "outline", done: "Said it was sent" },
  not_sent: { icon: X, variant: "outline", done: "Said it was not sent" },
  retry: { icon: RotateCw, variant: "outline", done: "Sent again" },
};

export const lookOfAction = (action: string): Pick<ActionLook, "icon" | "variant"> | undefined =>
  LOOKS[action];

/** An action's name as a sentence's beginning: ask_again → Ask again. */
export function actionName(action: string): string {
  const words = action.replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Names what somebody did by choosing an action. */
export function actionLabel(action: string): string {
  return LOOKS[action]?.done ?? `Chose “${actionName(action)}”`;
}
