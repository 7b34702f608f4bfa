import { decodeText } from "#/lib/bytes/decode-text.ts";
import { isJson, readContentType } from "#/lib/bytes/content-type.ts";
import { unpack } from "#/lib/bytes/inflate.ts";
import { inexactMessage, inexactNumbersIn } from "#/lib/exact-json.ts";
import { findUnusable } from "#/lib/http/json-bounds.ts";
import { type Outcome, type Refusal, refuse } from "#/lib/http/problem.ts";

const MAX_JSON_BYTES = 1_000_000;

/** Reads a body up to a limit, byte for byte. What is longer is refused without being read to its end. */
export async function readBytes(request: Request, limit: number): Promise<Outcome<Uint8Array<ArrayBuffer>>> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) return tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > limit) return tooLarge(limit);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return { ok: true, value: bytes };
}

/** Undoes the Content-Encoding of a body. The limit holds for what comes out, too. */
export async function unpackBody(
  headers: Headers,
  bytes: Uint8Array,
  limit: number,
): Promise<Outcome<Uint8Array>> {
  const unpacked = await unpack(bytes, headers.get("content-encoding"), limit);
  if (unpacked.ok) return { ok: true, value: unpacked.bytes };
  const { because, encoding } = unpacked;
  if (because === "too-large") return tooLarge(limit);
  const detail =
    because === "damaged"
      ? `The body is not ${encoding}, as its Content-Encoding says.`
      : `Send the body without Content-Encoding, or as gzip, deflate, br or zstd; ${encoding} is not known.`;
  return { ok: false, refusal: refuse("unsupported-media-type", detail) };
}

/** Reads a JSON body; undefined when there is none. */
export async function readJson(request: Request): Promise<Outcome<unknown>> {
  const received = await readBytes(request, MAX_JSON_BYTES);
  if (!received.ok) return received;
  if (received.value.length === 0) return { ok: true, value: undefined };
  const { mediaType, charset } = readContentType(request.headers.get("content-type"));
  if (mediaType !== "" && !isJson(mediaType)) {
    return {
      ok: false,
      refusal: refuse("unsupported-media-type", `Send the body as application/json, not as ${mediaType}.`),
    };
  }
  const bytes = await unpackBody(request.headers, received.value, MAX_JSON_BYTES);
  if (!bytes.ok) return bytes;
  const decoded = decodeText(bytes.value, { charset });
  if (!decoded)
    return {
      ok: false,
      refusal: refuse(
        "malformed-json",
        "The body is not UTF-8 text. Send JSON as UTF-8, or say its charset in Content-Type.",
      ),
    };
  return parseExactly(decoded.text);
}

function parseExactly(text: string): Outcome<unknown> {
  try {
    const value: unknown = JSON.parse(text);
    const unusable = findUnusable(value);
    const errors = unusable
      ? [unusable]
      : inexactNumbersIn(text).map(({ path, digits }) => ({ path, message: inexactMessage(digits) }));
    if (errors.length > 0)
      return {
        ok: false,
        refusal: refuse("invalid-request", "Fix what is listed under “errors” and try again.", {
          errors,
        }),
      };
    return { ok: true, value };
  } catch (error) {
    const reason = error instanceof Error ? error.message : "it ends too early";
    return { ok: false, refusal: refuse("malformed-json", `The body cannot be read as JSON: ${reason}`) };
  }
}

/** Without parameters, in lower case; "" when the request does not say. */
export const readMediaType = (request: Request): string =>
  readContentType(request.headers.get("content-type")).mediaType;

function tooLarge(limit: number): { ok: false; refusal: Refusal } {
  return {
    ok: false,
    refusal: refuse("too-large", `The body may have ${limit.toLocaleString("en")} bytes at most.`),
  };
}
