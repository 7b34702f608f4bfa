import { pipeline, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";

const UNPACKERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** Undoes a Content-Encoding header while the pieces come. Whoever leaves the loop ends the connection. @throws when the encoding is not known, or the bytes are damaged */
export function unpackPieces(packed: Readable, header: string | undefined): AsyncIterable<Uint8Array> {
  const encoding = header?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "") return packed;
  const create = Object.hasOwn(UNPACKERS, encoding) ? UNPACKERS[encoding] : undefined;
  if (create) return pipeline(packed, create(), ignoreEnd);
  packed.destroy();
  throw new Error(`The answer is packed as ${encoding.slice(0, 50)}, which was not asked for.`);
}

/** The reader of the pieces is told of an error by them. */
const ignoreEnd = () => undefined;
