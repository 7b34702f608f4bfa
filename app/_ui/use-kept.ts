import { useEffect, useState } from "react";
import { keep, readKept } from "#/app/_ui/kept-draft.ts";

/** Keeps a value under a name in this browser, and forgets it when it is undefined. What an earlier visit has left is found once, when the page is awake. */
export function useKept(name: string, value: unknown, onFound: (kept: unknown) => void): void {
  const [isLooked, setLooked] = useState(false);
  const text = value === undefined ? undefined : JSON.stringify(value);
  useEffect(() => {
    const kept = readKept(name);
    if (kept !== undefined) onFound(kept);
    setLooked(true);
    // Once, when the page opens.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useEffect(() => {
    if (isLooked) keep(name, text === undefined ? undefined : JSON.parse(text));
  }, [name, isLooked, text]);
}
