/**
 * The WebSocket under Neon's driver. The driver sends the five messages of one query one by one; here what is sent in one turn leaves
 * as one frame and one system call. (Its own `coalesceWrites` does this through setTimeout(0), 1.1–1.5 ms on every round trip in Node.)
 */
export class NeonSocket extends WebSocket {
  #unsent: Uint8Array[] = [];

  /** @param data bytes; the driver sends nothing else */
  override send(data: Parameters<WebSocket["send"]>[0]): void {
    if (!(data instanceof Uint8Array)) throw new TypeError("Only bytes can be sent here.");
    if (this.#unsent.push(data) === 1) queueMicrotask(() => this.#flush());
  }

  override close(code?: number, reason?: string): void {
    this.#flush();
    super.close(code, reason);
  }

  #flush(): void {
    if (this.#unsent.length === 0) return;
    const messages = this.#unsent;
    this.#unsent = [];
    super.send(Buffer.concat(messages));
  }
}
