"use client";
import { useSearchParams } from "next/navigation";
import { writeAddress } from "#/app/_ui/write-address.ts";

/** Reads which tab and which item of the inbox are shown, as the address says, and writes it without a visit to the server. */
export function useChosen() {
  const search = useSearchParams();
  return {
    tab: search.get("tab") === "decided" ? "decided" : "open",
    item: search.get("item") ?? undefined,
    choose,
  } as const;
}

const choose = (change: Readonly<Partial<Record<"tab" | "item", string | undefined>>>): void =>
  writeAddress(change);
