/** Writes a Redis reply as JSON values; `text` says how a byte string is written. */
function toJson(reply: unknown, text: (bytes: Buffer) => string): unknown {
  if (Buffer.isBuffer(reply)) return text(reply);
  if (typeof reply === "string") return text(Buffer.from(reply));
  if (typeof reply === "bigint") return Number(reply);
  if (Array.isArray(reply)) return reply.map((item: unknown) => toJson(item, text));
  return reply ?? null;
}

/** Upstash's `Upstash-Encoding: base64`: every string at any depth, except the literal OK. */
function base64(bytes: Buffer): string {
  return bytes.toString("latin1") === "OK" ? "OK" : bytes.toString("base64");
}

function utf8(bytes: Buffer): string {
  return bytes.toString("utf8");
}

/** Writes a reply in the encoding that the caller asked for. */
export function encodeReply(reply: unknown, encoding: string | undefined): unknown {
  return toJson(reply, encoding === "base64" ? base64 : utf8);
}
