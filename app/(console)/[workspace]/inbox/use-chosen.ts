"use client";
import { useSearchParams } from "next/navigation";

/** Reads which tab and which item of the inbox are shown, as the address says, and writes it without a visit to the server. */
export function useChosen() {
  const search = useSearchParams();
  return {
    tab: search.get("tab") === "decided" ? "decided" : "open",
    item: search.get("item") ?? undefined,
    choose,
  } as const;
}

function choose(change: Readonly<Partial<Record<"tab" | "item", string | undefined>>>): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  }
  const query = next.toString();
  history.replaceState(null, "", query === "" ? location.pathname : `?${query}`);
}
