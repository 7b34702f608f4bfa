"use client";
import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** Returns whether this runs in a browser that has taken the page over from the server. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
