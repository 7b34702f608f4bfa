/** A server-sent event. */
export interface ServerEvent {
  /** Undefined in one that only moves the place in the stream on. */
  readonly data: string | undefined;
  /** The place in the stream, by which whoever was cut off goes on. */
  readonly id: string | undefined;
  /** The pause before the stream is opened again. */
  readonly retryMs: number | undefined;
}

/** Returns the server-sent events in a stream of bytes. An event without an end is none: its stream was cut. Comments and names are passed over. */
export async function* readEvents(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent, void> {
  let fields: (readonly [string, string])[] = [];
  for await (const line of readLines(pieces)) {
    if (line === "") {
      if (fields.length > 0) yield toEvent(fields);
      fields = [];
    } else if (!line.startsWith(":")) fields.push(splitField(line));
  }
}

function splitField(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  const from = line[colon + 1] === " " ? colon + 2 : colon + 1;
  return [line.slice(0, colon), line.slice(from)];
}

function toEvent(fields: readonly (readonly [string, string])[]): ServerEvent {
  const valuesOf = (name: string) => fields.flatMap(([field, value]) => (field === name ? [value] : []));
  const data = valuesOf("data");
  const retry = valuesOf("retry").at(-1) ?? "";
  return {
    data: data.length > 0 ? data.join("\n") : undefined,
    id: valuesOf("id").at(-1),
    retryMs: /^\d{1,9}$/.test(retry) ? Number(retry) : undefined,
  };
}

/** Lines with their ends, whichever of CR LF, LF and CR they are. What follows the last end is no line. */
async function* readLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  // Pieces of a line that has no end yet. Joined once: a line of many megabytes comes in thousands of pieces.
  let begun: string[] = [];
  let endedInReturn = false;
  for await (const piece of pieces) {
    const decoded = decoder.decode(piece, { stream: true });
    if (decoded === "") continue;
    const text = endedInReturn && decoded.startsWith("\n") ? decoded.slice(1) : decoded;
    endedInReturn = decoded.endsWith("\r");
    const lines = text.split(/\r\n|\n|\r/);
    const rest = lines.pop() ?? "";
    for (const line of lines) {
      yield [...begun, line].join("");
      begun = [];
    }
    if (rest !== "") begun.push(rest);
  }
}
