/** Bytes as a value of a run: what is not text stays what it is. */
export interface InlineFile {
  readonly contentType: string;
  /** The number of bytes. */
  readonly bytes: number;
  readonly sha256: string;
  readonly base64: string;
  readonly name?: string | undefined;
}
