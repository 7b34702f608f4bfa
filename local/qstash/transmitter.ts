import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import { urlToHttpOptions } from "node:url";
import type { Message } from "#/local/qstash/message.ts";
import type { DeliveryResponse } from "#/local/qstash/outcome.ts";
import { signDelivery } from "#/local/qstash/signature.ts";

/** As long as the paid plan lets a destination work. */
const LONGEST_DELIVERY_MS = 2 * 3_600_000;
const EMPTY = Buffer.alloc(0);
const KEPT_TARGETS = 1_000;

/** Messages to one origin are sent to another, where the same server is found nearer by. They say and sign the address that they are for. */
export interface ShortCut {
  readonly from: string;
  readonly to: string;
}

interface Target {
  readonly options: http.RequestOptions;
  /** Who is meant, where it is not who is called. */
  readonly host?: string;
}

/**
 * Sends messages to their destinations. It uses node:http because fetch gives up after 300 s without headers, which
 * a long step needs; connections are kept, which saves about a millisecond per delivery.
 */
export class Transmitter {
  private readonly signingKey: string;
  private readonly shortCut: ShortCut | undefined;
  private readonly http = new http.Agent({ keepAlive: true, maxSockets: 256 });
  private readonly https = new https.Agent({ keepAlive: true, maxSockets: 256 });
  private readonly targets = new Map<string, Target>();

  constructor(signingKey: string, shortCut?: ShortCut) {
    this.signingKey = signingKey;
    this.shortCut = shortCut;
  }

  /** One attempt. Never rejects: an unreachable destination is a response with status 0. */
  async send(message: Message): Promise<DeliveryResponse> {
    const first = await this.attempt(message);
    if (!("staleConnection" in first)) return first;
    // Without a retry left, trying within this attempt is all that can be done.
    if (message.retried >= message.maxRetries) return this.attempt(message);
    return { ...first, headers: { "retry-after": ["0"] } };
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }

  private attempt(message: Message): Promise<Attempt> {
    return new Promise((resolve) => {
      const request = this.open(message);
      const limit = setTimeout(
        () => request.destroy(new Error("timeout")),
        Math.min(message.timeoutMs ?? Infinity, LONGEST_DELIVERY_MS),
      );
      const finish = (attempt: Attempt) => {
        clearTimeout(limit);
        resolve(attempt);
      };
      request.once("response", (response) => collect(response, finish));
      request.once("error", (error) => finish(failed(error, isStale(request, error))));
      request.end(hasBody(message) ? message.body : undefined);
    });
  }

  private open(message: Message): ClientRequest {
    const target = this.target(message.url);
    const options = {
      ...target.options,
      method: message.method,
      headers: { ...this.writeHeaders(message), ...(target.host !== undefined && { host: target.host }) },
    };
    return target.options.protocol === "https:"
      ? https.request({ ...options, agent: this.https })
      : http.request({ ...options, agent: this.http });
  }

  /** Nearly all messages go to the same few places, and taking a URL apart costs as much as signing. */
  private target(url: string): Target {
    const known = this.targets.get(url);
    if (known) return known;
    const target = this.findTarget(new URL(url));
    if (this.targets.size >= KEPT_TARGETS) this.targets.clear();
    this.targets.set(url, target);
    return target;
  }

  private findTarget(url: URL): Target {
    if (!this.shortCut || url.origin !== this.shortCut.from) return { options: urlToHttpOptions(url) };
    const nearer = new URL(url.pathname + url.search, this.shortCut.to);
    return { options: urlToHttpOptions(nearer), host: url.host };
  }

  private writeHeaders(message: Message): Record<string, string> {
    const body = hasBody(message) ? message.body : EMPTY;
    const optional = {
      "content-type": message.contentType,
      "upstash-topic-name": message.topic,
      "upstash-schedule-id": message.scheduleId,
      "upstash-caller-ip": message.callerIp,
      "upstash-label": message.labels.length > 0 ? message.labels.join(",") : undefined,
    };
    const present = Object.entries(optional).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return {
      ...message.headers,
      ...Object.fromEntries(present),
      "user-agent": "Upstash-QStash",
      "content-length": String(body.length),
      "upstash-region": "LOCAL",
      "upstash-message-id": message.id,
      "upstash-retried": String(message.retried),
      "upstash-signature": signDelivery(this.signingKey, message.url, body),
    };
  }
}

type Attempt = DeliveryResponse | (DeliveryResponse & { readonly staleConnection: true });

/**
 * A kept connection broke when it was used again: the destination had closed it a moment ago, or has died at work. Nobody can tell the two apart,
 * so the next try comes at once, but as a later attempt: the same attempt once more looks like a duplicate of work that somebody holds.
 */
function isStale(request: ClientRequest, error: Error): boolean {
  return request.reusedSocket && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

function failed(error: Error, stale: boolean): Attempt {
  const response = { status: 0, headers: {}, body: Buffer.from(error.message) };
  return stale ? { ...response, staleConnection: true } : response;
}

function collect(response: IncomingMessage, finish: (attempt: Attempt) => void): void {
  const parts: Buffer[] = [];
  response.on("data", (part: Buffer) => parts.push(part));
  response.once("error", (error) => finish(failed(error, false)));
  response.once("end", () => {
    // Nobody asks for the headers of a success without a callback.
    const headers = () => headerLists(response);
    finish({
      status: response.statusCode ?? 0,
      get headers() {
        return headers();
      },
      body: Buffer.concat(parts),
    });
  });
}

function headerLists({ headers }: IncomingMessage): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat()]));
}

function hasBody({ method }: Message): boolean {
  return method !== "GET" && method !== "HEAD";
}
