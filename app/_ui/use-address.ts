"use client";
import { useSearchParams } from "next/navigation";
import { useEffect, useSyncExternalStore } from "react";
import { pickQuery } from "#/app/_ui/pick-query.ts";
import { forgetWritten, listenToWrites, listWritten } from "#/app/_ui/write-address.ts";

const NONE: readonly string[] = [];

/** Reads the query of the page's address, as it was written last. */
export function useAddress(): URLSearchParams {
  const told = useSearchParams().toString();
  const written = useSyncExternalStore(listenToWrites, listWritten, () => NONE);
  // At each look: who writes a query and the one before it again may not hear that the router was there in between.
  useEffect(() => forgetWritten(told));
  return new URLSearchParams(pickQuery(written, told));
}
