import { dehydrate, HydrationBoundary, type QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { makeQueryClient } from "#/app/_ui/query-client.ts";

interface PrefetchedProps {
  /** Under the keys with which the components below ask for them. */
  readonly data: readonly (readonly [key: QueryKey, value: unknown])[];
  readonly children: ReactNode;
}

/** Hands what the server has read already to the queries of the components below. */
export function Prefetched({ data, children }: PrefetchedProps) {
  const client = makeQueryClient();
  for (const [key, value] of data) client.setQueryData(key, value);
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
