/**
 * Returns the data of each server-sent event in a stream of bytes. An event without an end is none: its stream was cut. Comments, names and ids are
 * passed over.
 */
export async function* readEvents(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  let data: string[] = [];
  for await (const line of readLines(pieces)) {
    if (line === "") {
      if (data.length > 0) yield data.join("\n");
      data = [];
    } else if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
    else if (line === "data") data.push("");
  }
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
