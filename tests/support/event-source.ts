export interface ReceivedEvent {
  readonly name: string;
  readonly id: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
}

/** Reads server-sent events until the server ends the stream, or until enough have come; then the connection is cut. */
export async function readEvents(
  url: string,
  key: string,
  lastEventId?: string,
  enough: (events: readonly ReceivedEvent[]) => boolean = () => false,
): Promise<ReceivedEvent[]> {
  const cut = new AbortController();
  const headers = {
    authorization: `Bearer ${key}`,
    accept: "text/event-stream",
    ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
  };
  const response = await fetch(url, { headers, signal: cut.signal });
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  const events: ReceivedEvent[] = [];
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const event of blocks.flatMap(parse)) {
      events.push(event);
      if (enough(events)) {
        cut.abort();
        return events;
      }
    }
  }
  return events;
}

function parse(block: string): ReceivedEvent[] {
  const fields = Object.fromEntries(
    block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  return fields["data"] === undefined
    ? []
    : [{ name: fields["event"] ?? "message", id: fields["id"] ?? "", data: JSON.parse(fields["data"]) }];
}
