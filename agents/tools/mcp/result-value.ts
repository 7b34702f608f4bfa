import { createHash } from "node:crypto";
import * as v from "valibot";
import type { InlineFile } from "#/lib/inline-file.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

const Bytes = v.looseObject({
  type: v.picklist(["image", "audio"]),
  data: v.pipe(v.string(), v.base64()),
  mimeType: v.string(),
});
const Text = v.looseObject({ type: v.literal("text"), text: v.string() });
const Embedded = v.looseObject({
  type: v.literal("resource"),
  resource: v.looseObject({ uri: v.string(), text: v.optional(v.string()) }),
});
const Block = v.variant("type", [Bytes, Text, Embedded]);

/** Reads a server's answer as a value: its structured content, else its text, else its blocks. Files are files. All of it is data. */
export function readResult({ structuredContent, content }: JsonObject): unknown {
  const blocks = (Array.isArray(content) ? content : []).map(readBlock);
  const files = blocks.filter((block) => isJsonObject(block));
  if (structuredContent !== undefined)
    return files.some((file) => "base64" in file)
      ? { ...asObject(structuredContent), files }
      : structuredContent;
  if (blocks.length === 0) return null;
  return blocks.every((block) => typeof block === "string") ? blocks.join("\n\n") : { content: blocks };
}

const asObject = (value: unknown): JsonObject => (isJsonObject(value) ? value : { value });

function readBlock(block: unknown): unknown {
  const read = v.safeParse(Block, block);
  if (!read.success) return block;
  switch (read.output.type) {
    case "text":
      return read.output.text;
    case "resource":
      return read.output.resource.text === undefined ? block : { ...read.output.resource };
    case "image":
    case "audio":
      return toFile(read.output.data, read.output.mimeType);
  }
}

function toFile(base64: string, contentType: string): InlineFile {
  const bytes = Buffer.from(base64, "base64");
  return {
    contentType,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    base64,
  };
}
