import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from "node:zlib";

type Unpack = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const UNPACKERS: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ["identity", async (bytes) => bytes],
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", undeflate],
  ["br", promisify(brotliDecompress)],
  ["zstd", promisify(zstdDecompress)],
]);

/** With zlib's header, or, as some servers have it, without. */
function undeflate(bytes: Uint8Array, options: Parameters<Unpack>[1]): Promise<Uint8Array> {
  return promisify(inflate)(bytes, options).catch((error: unknown) =>
    isTooLarge(error) ? Promise.reject(error) : promisify(inflateRaw)(bytes, options),
  );
}

const isTooLarge = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";

type Unpacked =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | {
      readonly ok: false;
      readonly because: "unknown-encoding" | "too-large" | "damaged";
      readonly encoding: string;
    };

/** Nobody packs twice for a reason. */
const MOST_ENCODINGS = 3;

/** Undoes a Content-Encoding header. Never holds more than `limit` unpacked bytes, however small they were packed. */
export async function unpack(
  bytes: Uint8Array,
  header: string | null | undefined,
  limit: number,
): Promise<Unpacked> {
  const encodings = (header ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (encodings.length > MOST_ENCODINGS)
    return { ok: false, because: "unknown-encoding", encoding: header ?? "" };
  let unpacked = bytes;
  for (const encoding of encodings.toReversed()) {
    const undo = UNPACKERS.get(encoding);
    if (!undo) return { ok: false, because: "unknown-encoding", encoding };
    const next = await undo(unpacked, { maxOutputLength: limit }).catch(
      (error: unknown): "too-large" | "damaged" => (isTooLarge(error) ? "too-large" : "damaged"),
    );
    if (typeof next === "string") return { ok: false, because: next, encoding };
    unpacked = next;
  }
  return { ok: true, bytes: unpacked };
}
