import { isJson, readContentType } from "#/lib/bytes/content-type.ts";
import { parseJson } from "#/lib/exact-json.ts";
import type { OutboundResponse } from "#/lib/outbound.ts";

/** JSON where the server says it is JSON and it is; numbers that would lose digits stay texts. Else the text, or the file. */
export function parseBody({
  body,
  headers,
  truncated,
}: Pick<OutboundResponse, "body" | "headers" | "truncated">): unknown {
  if (typeof body !== "string" || truncated || !isJson(readContentType(headers["content-type"]).mediaType))
    return body;
  try {
    return parseJson(body);
  } catch {
    return body;
  }
}
