import { createHash } from "node:crypto";
import { readContentType } from "#/lib/bytes/content-type.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

export interface RequestBody {
  readonly body: string | Uint8Array;
  readonly contentType: string;
}

/** Writes a value as the body of a request, in the form that its content type has: JSON unless it says otherwise. A text stays as it is. */
export function writeBody(
  value: unknown,
  contentType: string | undefined,
  boundarySeed: string,
): RequestBody {
  if (typeof value === "string")
    return { body: value, contentType: contentType ?? "text/plain; charset=utf-8" };
  const { mediaType } = readContentType(contentType);
  if (isJsonObject(value) && mediaType === "multipart/form-data") return multipart(value, boundarySeed);
  const isForm = isJsonObject(value) && mediaType === "application/x-www-form-urlencoded";
  return {
    body: isForm ? formText(value) : JSON.stringify(value),
    contentType: contentType ?? "application/json",
  };
}

/** Pairs of name and text: a list repeats its name, null and nothing are left out, what is no text is written as JSON. */
export function listFields(value: JsonObject): readonly (readonly [name: string, text: string])[] {
  return Object.entries(value).flatMap(([name, item]) =>
    listItems(item).map((one) => [name, writeText(one)] as const),
  );
}

function listItems(item: unknown): readonly unknown[] {
  return (Array.isArray(item) ? item : [item]).filter((one) => one !== null && one !== undefined);
}

function writeText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function formText(value: JsonObject): string {
  return new URLSearchParams(listFields(value).map(([name, text]) => [name, text])).toString();
}

/** The boundary is the same at every try of the same request, so that the request is. */
function multipart(value: JsonObject, boundarySeed: string): RequestBody {
  const boundary = `cairn-${createHash("sha256").update(boundarySeed).digest("hex").slice(0, 32)}`;
  const parts = Object.entries(value).flatMap(([name, item]) =>
    listItems(item).map((one) => writePart(name, one)),
  );
  const bytes = [
    ...parts.flatMap(({ head, content }) => [
      Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`),
      content,
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  return { body: Buffer.concat(bytes), contentType: `multipart/form-data; boundary=${boundary}` };
}

function writePart(name: string, value: unknown): { readonly head: string; readonly content: Buffer } {
  const disposition = `Content-Disposition: form-data; name="${quoted(name)}"`;
  if (!isFile(value)) return { head: disposition, content: Buffer.from(writeText(value)) };
  const { contentType, base64, name: fileName = name } = value;
  return {
    head: `${disposition}; filename="${quoted(fileName)}"\r\nContent-Type: ${contentType.replaceAll(/[\r\n]/g, " ")}`,
    content: Buffer.from(base64, "base64"),
  };
}

interface FileLike {
  readonly contentType: string;
  readonly base64: string;
  readonly name?: string;
}

function isFile(value: unknown): value is FileLike {
  return (
    isJsonObject(value) &&
    typeof value["contentType"] === "string" &&
    typeof value["base64"] === "string" &&
    ["string", "undefined"].includes(typeof value["name"])
  );
}

/** As browsers write names. */
function quoted(text: string): string {
  return text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
