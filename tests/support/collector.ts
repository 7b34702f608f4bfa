import http from "node:http";
import type { AddressInfo } from "node:net";

export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code: number };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

/** A collector of OTLP on loopback, that takes, refuses or keeps silent as it is told to. */
export class Collector {
  readonly received: SentSpan[] = [];
  readonly requests: { readonly path: string | undefined; readonly headers: http.IncomingHttpHeaders }[] = [];
  answer: number | "silence" = 200;
  readonly #server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      this.requests.push({ path: request.url, headers: request.headers });
      if (this.answer === "silence") return;
      if (this.answer === 200) this.#keep(Buffer.concat(chunks).toString());
      response.writeHead(this.answer, { "content-type": "application/json" }).end("{}");
    });
  });

  /** @returns its address */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, "127.0.0.1", () => resolve()));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => void this.#server.close(resolve));
  }

  /** The spans of the trace of a run, as far as they have come. */
  traceOf(runId: string): readonly SentSpan[] {
    return this.received.filter(({ traceId }) => traceId === runId.replaceAll("-", ""));
  }

  #keep(text: string): void {
    for (const { scopeSpans } of JSON.parse(text).resourceSpans)
      this.received.push(...scopeSpans.flatMap(({ spans }: { spans: SentSpan[] }) => spans));
  }
}

export const readAttribute = ({ attributes }: SentSpan, key: string) =>
  Object.values(attributes.find((one) => one.key === key)?.value ?? {})[0];
