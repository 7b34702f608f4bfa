import { createHash } from "node:crypto";
import { declaredCharset, decodeOrGuess, decodeText } from "#/lib/bytes/decode-text.ts";
import { isBinaryType, isMarkup, isText, readContentType } from "#/lib/bytes/content-type.ts";
import type { InlineFile } from "#/lib/inline-file.ts";

/** Reads what a body holds: text where it is text, else the bytes as a file. The Content-Type header is asked first, then the bytes. */
export function readContent(bytes: Uint8Array, contentType: string | null | undefined): string | InlineFile {
  const { mediaType, charset } = readContentType(contentType);
  if (bytes.length === 0) return "";
  if (isBinaryType(mediaType)) return toInlineFile(bytes, mediaType);
  const decode = isText(mediaType) ? decodeOrGuess : decodeText;
  return (
    decode(bytes, { charset: charset ?? (isMarkup(mediaType) ? declaredCharset(bytes) : undefined) })?.text ??
    toInlineFile(bytes, mediaType)
  );
}

function toInlineFile(bytes: Uint8Array, mediaType: string): InlineFile {
  return {
    contentType: mediaType === "" || isText(mediaType) ? "application/octet-stream" : mediaType,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    base64: Buffer.from(bytes).toString("base64"),
  };
}
