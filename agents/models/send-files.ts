import type { FilePart, ModelMessage, TextPart } from "ai";
import { type FileBytes, isReadAsText, placeFiles } from "#/agents/models/call-file.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { readContentType } from "#/lib/bytes/content-type.ts";
import { decodeOrGuess } from "#/lib/bytes/decode-text.ts";

/** What models of one maker can be shown besides text. */
interface Takes {
  readonly types: RegExp;
  readonly inWords: string;
  readonly mostBytes?: number;
}

const MB = 1024 * 1024;
const OPENAI: Takes = {
  types: /^(?:image\/(?:png|jpeg|gif|webp)|application\/pdf|audio\/(?:wav|mp3|mpeg))$/,
  inWords: "PNG, JPEG, GIF and WebP images, PDFs, WAV and MP3 audio, and texts",
};

/** By the kind of a connection, and by the first part of the name that the AI SDK gives a provider. At a gateway the maker behind it decides. */
const TAKES: Readonly<Record<string, Takes>> = {
  openai: OPENAI,
  "openai-compatible": OPENAI,
  llm: OPENAI,
  anthropic: {
    types: /^(?:image\/(?:png|jpeg|gif|webp)|application\/pdf)$/,
    inWords: "PNG, JPEG, GIF and WebP images up to 5 MB, PDFs, and texts",
    mostBytes: 5 * MB,
  },
  google: {
    types: /^(?:image\/(?:png|jpeg|webp|heic|heif)|application\/pdf|(?:audio|video)\/[\w.+-]+)$/,
    inWords: "PNG, JPEG, WebP and HEIC images, PDFs, audio, video, and texts",
  },
};

/** Puts the bytes of files in their places, as a provider takes them. @throws StepError `unsupported-file` where it takes no such file */
export function sendFiles(
  messages: readonly ModelMessage[],
  { provider, files }: { readonly provider: string; readonly files: FileBytes },
): ModelMessage[] {
  const maker = provider.split(".")[0] ?? "";
  return messages.map((message) =>
    placeFiles(message, (part, sha256) => {
      const bytes = files.get(sha256);
      if (bytes === undefined) throw new Error(`The file ${part.filename} was not read before the call.`);
      return isReadAsText(part.mediaType) ? asText(part, bytes) : asBytes(part, bytes, maker);
    }),
  );
}

function asText({ filename = "file", mediaType }: FilePart, bytes: Uint8Array): TextPart {
  const decoded = decodeOrGuess(bytes);
  if (decoded === undefined)
    throw unsupported(`The file “${filename}” calls itself ${mediaType}, and its bytes are no text.`);
  const name = JSON.stringify(filename);
  return { type: "text", text: `<file name=${name} type="${mediaType}">\n${decoded.text}\n</file>` };
}

function asBytes(part: FilePart, bytes: Uint8Array, maker: string): FilePart {
  const { filename = "file", mediaType } = part;
  const refusal = describeRefusal(maker, { name: filename, contentType: mediaType, bytes: bytes.length });
  if (refusal !== undefined) throw unsupported(refusal);
  return { ...part, data: bytes };
}

/** Says why models of a maker cannot be shown a file, and what to do. @returns undefined where they can, or where nobody knows the maker */
export function describeRefusal(
  maker: string,
  {
    name,
    contentType,
    bytes = 0,
  }: { readonly name: string; readonly contentType: string; readonly bytes?: number },
): string | undefined {
  const takes = TAKES[maker];
  const { mediaType } = readContentType(contentType);
  if (!takes || isReadAsText(mediaType)) return undefined;
  if (!takes.types.test(mediaType))
    return `The model cannot be shown “${name}”, which is ${mediaType || "of no known type"}. It takes ${takes.inWords}. Convert the file, or choose a model of another maker.`;
  return takes.mostBytes !== undefined && mediaType.startsWith("image/") && bytes > takes.mostBytes
    ? `The image “${name}” has ${(bytes / MB).toFixed(1)} MB, and the model takes ${takes.mostBytes / MB} MB at most. Make it smaller.`
    : undefined;
}

const unsupported = (message: string) => new StepError("unsupported-file", message);
