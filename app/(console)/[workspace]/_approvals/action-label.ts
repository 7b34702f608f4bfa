const DONE: Readonly<Record<string, string>> = { approve: "Approved", reject: "Rejected", edit: "Edited and approved", sent: "Said it was sent", not_sent: "Said it was not sent", retry: "Sent again", raise: "Raised the limit", stop: "Stopped the run" };

/** An action's name as a sentence's beginning: ask_again → Ask again. */
export function actionName(action: string): string {
  const words = action.replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What somebody did by choosing it. */
export function actionLabel(action: string): string {
  return DONE[action] ?? `Chose “${actionName(action)}”`;
}
