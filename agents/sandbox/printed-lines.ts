const MOST_LINES = 100;
const MOST_BYTES = 10 * 1024;

/** The lines that code prints, up to 100 lines and 10 KB. The last line says so when there was more. */
export class PrintedLines {
  readonly #lines: string[] = [];
  #bytes = 0;
  #isFull = false;

  add(line: string): void {
    if (this.#isFull) return;
    const bytes = Buffer.byteLength(line);
    this.#isFull = this.#lines.length >= MOST_LINES || this.#bytes + bytes > MOST_BYTES;
    this.#bytes += bytes;
    this.#lines.push(this.#isFull ? "… (only the first 100 lines and 10 KB are kept)" : line);
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  get lines(): readonly string[] {
    return [...this.#lines];
  }
}
