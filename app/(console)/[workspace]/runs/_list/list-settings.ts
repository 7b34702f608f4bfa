import { create } from "zustand";
import { persist } from "zustand/middleware";

/** Columns that can be put away. */
export const COLUMNS = ["checkpoints", "trigger", "duration", "cost", "started"] as const;
export type Column = (typeof COLUMNS)[number];

export interface SavedView {
  readonly name: string;
  /** The search part of its address. */
  readonly query: string;
}

interface ListSettings {
  readonly live: boolean;
  readonly hidden: readonly Column[];
  /** By workspace. */
  readonly views: Readonly<Record<string, readonly SavedView[]>>;
  readonly setLive: (live: boolean) => void;
  readonly toggle: (column: Column) => void;
  readonly saveView: (workspaceId: string, view: SavedView) => void;
  readonly forgetView: (workspaceId: string, name: string) => void;
}

const without = <Item>(items: readonly Item[], gone: (item: Item) => boolean) =>
  items.filter((item) => !gone(item));

/** The settings of the runs list in this browser. Read by `useListSettings.persist.rehydrate()` once the page is awake. */
export const useListSettings = create<ListSettings>()(
  persist(
    (set) => ({
      live: true,
      hidden: [],
      views: {},
      setLive: (live) => set({ live }),
      toggle: (column) =>
        set(({ hidden }) => ({
          hidden: hidden.includes(column) ? without(hidden, (one) => one === column) : [...hidden, column],
        })),
      saveView: (workspaceId, view) =>
        set(({ views }) => ({
          views: {
            ...views,
            [workspaceId]: [...without(views[workspaceId] ?? [], ({ name }) => name === view.name), view],
          },
        })),
      forgetView: (workspaceId, gone) =>
        set(({ views }) => ({
          views: { ...views, [workspaceId]: without(views[workspaceId] ?? [], ({ name }) => name === gone) },
        })),
    }),
    {
      name: "cairn.runs",
      skipHydration: true,
      partialize: ({ live, hidden, views }) => ({ live, hidden, views }),
    },
  ),
);
