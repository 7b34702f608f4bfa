"use client";
import { useAddress } from "#/app/_ui/use-address.ts";
import { writeAddress } from "#/app/_ui/write-address.ts";

/** Reads which tab, whose items and which of them the inbox shows, as the address says, and writes it without a visit to the server. */
export function useChosen() {
  const search = useAddress();
  return {
    tab: search.get("tab") === "decided" ? "decided" : "open",
    whose: search.get("whose") === "mine" ? "mine" : "team",
    item: search.get("item") ?? undefined,
    choose,
  } as const;
}

const choose = (change: Readonly<Partial<Record<"tab" | "whose" | "item", string | undefined>>>): void =>
  writeAddress(change);
