"use client";
import { useSearchParams } from "next/navigation";
import { useEffect, useSyncExternalStore } from "react";
import { pickQuery } from "#/app/_ui/pick-query.ts";
import { forgetWritten, listenToWrites, listWritten, NOTHING_WRITTEN } from "#/app/_ui/write-address.ts";

/** Reads the query of the page's address, as it was written last. */
export function useAddress(): URLSearchParams {
  const told = useSearchParams().toString();
  const written = useSyncExternalStore(listenToWrites, listWritten, () => NOTHING_WRITTEN);
  // At each look: who writes a query and the one before it again may not hear that the router was there in between.
  useEffect(() => forgetWritten(told));
  return new URLSearchParams(pickQuery(written, told));
}
