import { type Outcome, type Refusal, refuse } from "#/lib/http/problem.ts";

const MAX_JSON_BYTES = 1_000_000;

/** Reads a body up to a limit. What is longer is refused without being read to its end. */
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

export async function readText(request: Request, limit: number): Promise<Outcome<string>> {
  const bytes = await readBytes(request, limit);
  // A byte order mark is kept: it belongs to what a sender has signed.
  return bytes.ok ? { ok: true, value: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.value) } : bytes;
}

/** Reads a JSON body; undefined when there is none. */
export async function readJson(request: Request): Promise<Outcome<unknown>> {
  const text = await readText(request, MAX_JSON_BYTES);
  if (!text.ok) return text;
  if (text.value === "") return { ok: true, value: undefined };
  const mediaType = mediaTypeOf(request);
  if (mediaType !== "" && !/^application\/(.+\+)?json$/.test(mediaType)) {
    return { ok: false, refusal: refuse("unsupported-media-type", `Send the body as application/json, not as ${mediaType}.`) };
  }
  try {
    return { ok: true, value: JSON.parse(text.value.replace(/^\uFEFF/, "")) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : "it ends too early";
    return { ok: false, refusal: refuse("malformed-json", `The body cannot be read as JSON: ${reason}`) };
  }
}

/** Without parameters, in lower case; "" when the request does not say. */
export function mediaTypeOf(request: Request): string {
  return request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function tooLarge(limit: number): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: refuse("too-large", `The body may have ${limit.toLocaleString("en")} bytes at most.`) };
}
