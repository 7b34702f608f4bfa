import { useQuery } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import type { JsonObject } from "#/lib/json-object.ts";

interface LastValues {
  readonly input: JsonObject;
  readonly state: JsonObject;
}

const RARELY_MS = 60_000;

/** The input and the values of the newest run of a workflow that has succeeded; undefined where there is none. */
export function useLastValues(workflow: string): LastValues | undefined {
  const { data } = useQuery({
    queryKey: ["values of the last run", workflow],
    queryFn: () => readLastValues(workflow),
    staleTime: RARELY_MS,
  });
  return data ?? undefined;
}

async function readLastValues(workflow: string): Promise<LastValues | null> {
  const { items } = await api("GET /api/v1/runs", { query: { workflow, status: "succeeded", limit: 1 } });
  const [newest] = items;
  if (!newest) return null;
  const { input, state } = await api("GET /api/v1/runs/{id}", { path: { id: newest.id } });
  return { input, state };
}
