import { create } from "zustand";
import { persist } from "zustand/middleware";

interface FirstSteps {
  /** Workspaces whose checklist this browser has put away. */
  readonly dismissed: readonly string[];
  /** True when the browser's storage has been read. Before that nobody knows what was put away. */
  readonly isRead: boolean;
  readonly dismiss: (workspaceId: string) => void;
}

/** This browser's memory of the first steps. Read by `useFirstSteps.persist.rehydrate()` once the page is awake, so that the server and it agree. */
export const useFirstSteps = create<FirstSteps>()(
  persist(
    (set) => ({
      dismissed: [],
      isRead: false,
      dismiss: (workspaceId) => set(({ dismissed }) => ({ dismissed: [...dismissed, workspaceId] })),
    }),
    {
      name: "cairn.first-steps",
      skipHydration: true,
      partialize: ({ dismissed }) => ({ dismissed }),
      onRehydrateStorage: () => () => useFirstSteps.setState({ isRead: true }),
    },
  ),
);
