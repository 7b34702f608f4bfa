"use client";
import { startTransition, useEffect, useState, useSyncExternalStore } from "react";

const never = () => () => undefined;

/** Returns whether this runs in a browser that has taken the page over from the server. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** As `useHydrated`, but in no hurry: what changes by it is drawn when the browser has time, and keeps nobody from pressing anything. */
export function useSoonHydrated(): boolean {
  const [isHydrated, setHydrated] = useState(false);
  useEffect(() => startTransition(() => setHydrated(true)), []);
  return isHydrated;
}
