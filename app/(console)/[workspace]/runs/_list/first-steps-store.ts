import { create } from "zustand";
import { persist } from "zustand/middleware";

interface FirstSteps {
  /** Workspaces whose checklist this browser has put away. */
  readonly dismissed: readonly string[];
  readonly dismiss: (workspaceId: string) => void;
}

/** What this browser remembers of the first steps. Read from its storage after the page has woken up, so that the server and it agree. */
export const useFirstSteps = create<FirstSteps>()(
  persist(
    (set) => ({
      dismissed: [],
      dismiss: (workspaceId) => set(({ dismissed }) => ({ dismissed: [...dismissed, workspaceId] })),
    }),
    { name: "cairn.first-steps", skipHydration: true },
  ),
);
