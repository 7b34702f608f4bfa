/**
 * Returns what a model is given of a tool's result, whole or cut with a mark that it can read; undefined where nothing has to be cut.
 * @param most in bytes of UTF-8
 */
export function cutResult(json: string, most: number): string | undefined {
  // As many characters as that are never more bytes than this.
  if (json.length * 3 <= most) return undefined;
  const bytes = Buffer.from(json);
  if (bytes.length <= most) return undefined;
  const kept = bytes.subarray(0, findCharacterStart(bytes, most)).toString();
  return `${kept}\n[Cut here: ${most} of ${bytes.length} bytes are shown; the run's log keeps the whole. Ask for less, such as one page or a narrower search.]`;
}

/** The place at or before `index` where a character begins: the bytes that follow its first one are 10xxxxxx. */
function findCharacterStart(bytes: Buffer, index: number): number {
  let start = index;
  while (start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
