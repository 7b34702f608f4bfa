import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { makeQueryClient } from "#/app/_ui/query-client.ts";
import type { DeepReadonly } from "#/lib/http/contract.ts";
import type { PagedQuery, Query, QueryKey } from "#/sdk/client/query.ts";

/** A query with the data that answers it. */
export interface Answered {
  readonly queryKey: QueryKey;
  readonly data: unknown;
}

/** Answers a query that components below will ask. */
export function answer<Data>({ queryKey }: Query<Data>, data: NoInfer<DeepReadonly<Data>>): Answered {
  return { queryKey, data };
}

/** Answers the first page of a list that components below will ask for. */
export function answerFirstPage<Page>(
  { queryKey }: PagedQuery<Page>,
  page: NoInfer<DeepReadonly<Page>>,
): Answered {
  return { queryKey, data: { pages: [page], pageParams: [null] } };
}

interface PrefetchedProps {
  readonly answers: readonly Answered[];
  readonly children: ReactNode;
}

/** Gives the queries of the components below the answers that the server has read already. */
export function Prefetched({ answers, children }: PrefetchedProps) {
  const client = makeQueryClient();
  for (const { queryKey, data } of answers) client.setQueryData(queryKey, data);
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
