import { createHash } from "node:crypto";

/** What the offline model sees of a file: a text as a source to quote, anything else by its size and digest. */
export function describeFile(file: {
  readonly name: string | undefined;
  readonly mediaType: string;
  readonly bytes: Buffer;
}): string {
  const { name = "file", mediaType, bytes } = file;
  const digest = createHash("sha256").update(bytes).digest("hex");
  const text = mediaType.startsWith("text/")
    ? bytes.toString("utf8")
    : `The file ${name} of type ${mediaType} has ${bytes.length} bytes with the digest ${digest}.`;
  return `<doc name="${name.replaceAll('"', "")}">${text}</doc>`;
}
