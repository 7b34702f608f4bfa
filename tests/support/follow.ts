import {
  applyEvent,
  type Progress,
  type ProgressEvent,
  startProgress,
} from "#/app/(console)/[workspace]/runs/[run]/progress.ts";
import type { Run } from "#/operations/runs/contract.ts";
import { readEvents, type ReceivedEvent } from "#/tests/support/event-source.ts";

type Enough = (events: readonly ReceivedEvent[]) => boolean;

/** What the run page makes of events. */
export function pageAfter(run: Run, events: readonly ReceivedEvent[]): Progress {
  const nothing = { ...startProgress(run, []), ended: false };
  return events.map(({ name, data }) => ({ type: name, data }) as ProgressEvent).reduce(applyEvent, nothing);
}

/** Follows a run over a connection that breaks after every few events, and comes back after the last one it has seen. */
export async function followBrokenly(
  url: string,
  key: string,
  { enough, eventsAConnection }: { readonly enough: Enough; readonly eventsAConnection: () => number },
) {
  const seen: ReceivedEvent[] = [];
  let connections = 0;
  while (!enough(seen)) {
    const until = eventsAConnection();
    seen.push(
      ...(await readEvents(
        url,
        key,
        seen.at(-1)?.id,
        (events) => events.length >= until || enough([...seen, ...events]),
      )),
    );
    connections += 1;
  }
  return { seen, connections };
}
