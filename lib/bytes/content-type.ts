/** A Content-Type header, parsed. */
export interface ContentType {
  /** In lower case, without parameters; "" when the header is missing. */
  readonly mediaType: string;
  readonly charset: string | undefined;
}

const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;]+))/i;

/** Reads a Content-Type header. */
export function readContentType(header: string | null | undefined): ContentType {
  const [mediaType = ""] = (header ?? "").split(";", 1);
  const [, doubly, singly, bare] = CHARSET.exec(header ?? "") ?? [];
  return { mediaType: mediaType.trim().toLowerCase(), charset: doubly ?? singly ?? bare };
}

export const isJson = (mediaType: string): boolean => /^[a-z]+\/(?:.+\+)?json$/.test(mediaType);

export const isMarkup = (mediaType: string): boolean => /^[a-z]+\/(?:.+\+)?(?:xml|html)$/.test(mediaType);

const TEXTS: ReadonlySet<string> = new Set([
  "application/javascript",
  "application/ecmascript",
  "application/x-www-form-urlencoded",
  "application/x-ndjson",
  "application/yaml",
  "application/x-yaml",
  "application/toml",
  "application/graphql",
  "application/sql",
  "application/csv",
]);

/** Returns whether a media type promises text. */
export const isText = (mediaType: string): boolean =>
  mediaType.startsWith("text/") || isJson(mediaType) || isMarkup(mediaType) || TEXTS.has(mediaType);

const BINARY_FAMILIES = /^(?:image|audio|video|font|model)\//;
const BINARY: ReadonlySet<string> = new Set([
  "application/pdf",
  "application/zip",
  "application/gzip",
  "application/x-gzip",
  "application/x-tar",
  "application/wasm",
  "application/x-7z-compressed",
  "application/vnd.rar",
]);

/** Returns whether a media type promises that it is not text. Types that are on neither side, such as application/octet-stream, leave it to the bytes. */
export const isBinaryType = (mediaType: string): boolean =>
  !isMarkup(mediaType) && (BINARY_FAMILIES.test(mediaType) || BINARY.has(mediaType));
