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
  useEffect(() => forgetWritten(told), [told]);
  return new URLSearchParams(pickQuery(written, told));
}
