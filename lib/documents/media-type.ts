export type MediaType = "text/plain" | "text/markdown" | "text/html" | "text/csv" | "application/pdf" | "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const BY_ENDING: Readonly<Record<string, MediaType>> = {
  txt: "text/plain",
  md: "text/markdown",
  markdown: "text/markdown",
  html: "text/html",
  htm: "text/html",
  csv: "text/csv",
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
};

export const READABLE_ENDINGS = Object.keys(BY_ENDING);

/** What a file is, from its first bytes and its name, never from what the client says. Undefined for what cannot be read. */
export function mediaTypeOf(name: string, bytes: Uint8Array): MediaType | undefined {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 4));
  if (start === "%PDF") return "application/pdf";
  const named = BY_ENDING[name.toLowerCase().split(".").at(-1) ?? ""];
  const isZip = start === "PK\u0003\u0004";
  if (named === BY_ENDING["docx"] || isZip) return isZip && named === BY_ENDING["docx"] ? named : undefined;
  return named ?? plainText(bytes);
}

/** A name without a known ending may still be plain text; a NUL byte says that it is not. */
function plainText(bytes: Uint8Array): MediaType | undefined {
  return bytes.subarray(0, 4096).includes(0) ? undefined : "text/plain";
}
