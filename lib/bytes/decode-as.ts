/** Text, and the encoding it was in. */
export interface DecodedText {
  readonly text: string;
  readonly charset: string;
}

/** Bytes read strictly in one encoding, without its byte order mark; undefined when there is no such encoding or they are not in it. */
export function decodeAs(bytes: Uint8Array, label: string): DecodedText | undefined {
  try {
    const decoder = new TextDecoder(label.trim(), { fatal: true });
    return { text: decoder.decode(bytes), charset: decoder.encoding };
  } catch {
    return undefined;
  }
}
