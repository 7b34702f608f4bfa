import { create } from "zustand";
import { DISMISSED_STEPS, readDismissed, writeDismissed, writeShown } from "./dismissed-steps.ts";

interface FirstSteps {
  /** Workspaces whose checklist was put away since the page was opened. */
  readonly dismissed: readonly string[];
  readonly dismiss: (workspaceId: string) => void;
  /** Shows them again, here and on the pages that the server makes from now on. */
  readonly restore: (workspaceId: string) => void;
}

const readCookie = (): string | undefined =>
  document.cookie
    .split("; ")
    .find((cookie) => cookie.startsWith(`${DISMISSED_STEPS}=`))
    ?.slice(DISMISSED_STEPS.length + 1);

/** What this page has put away; the browser's cookie keeps it for the next one. */
export const useFirstSteps = create<FirstSteps>()((set) => ({
  dismissed: [],
  dismiss: (workspaceId) => {
    document.cookie = writeDismissed(readDismissed(readCookie()), workspaceId);
    set(({ dismissed }) => ({ dismissed: [...dismissed, workspaceId] }));
  },
  restore: (workspaceId) => {
    document.cookie = writeShown(readDismissed(readCookie()), workspaceId);
    set(({ dismissed }) => ({ dismissed: dismissed.filter((id) => id !== workspaceId) }));
  },
}));
