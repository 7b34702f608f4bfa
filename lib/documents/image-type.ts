/** How files of these types begin, byte for byte in Latin-1. */
const SIGNS: readonly (readonly [sign: string, type: string])[] = [
  ["\u0089PNG\r\n\u001A\n", "image/png"],
  ["\u00FF\u00D8\u00FF", "image/jpeg"],
  ["GIF87a", "image/gif"],
  ["GIF89a", "image/gif"],
];
const LONGEST_SIGN = 12;
/** Between the two stands the length. */
const WEBP = /^RIFF[^]{4}WEBP/;

/** Detects an image by its first bytes, whatever its name is. Undefined for everything else. */
export function detectImageType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, LONGEST_SIGN)).toString("latin1");
  if (WEBP.test(head)) return "image/webp";
  return SIGNS.find(([sign]) => head.startsWith(sign))?.[1];
}
