"use client";
import { useAddress } from "#/app/_ui/use-address.ts";
import { writeAddress } from "#/app/_ui/write-address.ts";

/** The view of a run that its address names: links lead to a step, a try, a tab. */
export interface RunAddress {
  readonly at: string | undefined;
  readonly tab: string | undefined;
  readonly attempt: number | undefined;
}

type Change = Readonly<Partial<Record<"at" | "tab" | "try", string | undefined>>>;

/** Reads the address, and writes it without a visit to the server. */
export function useRunAddress(): readonly [RunAddress, (change: Change) => void] {
  const search = useAddress();
  const attempt = Number(search.get("try"));
  const address = {
    at: search.get("at") ?? undefined,
    tab: search.get("tab") ?? undefined,
    attempt: attempt > 0 ? attempt : undefined,
  };
  return [address, writeAddress];
}
