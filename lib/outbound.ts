import type { InlineFile } from "#/lib/inline-file.ts";

/** A request to a server that a user or a model chose. */
export interface OutboundRequest {
  readonly url: string;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
  /** It carries secrets: a redirect to another origin is refused, for headers and body would go there too. */
  readonly staysAtOrigin?: boolean | undefined;
}

export interface OutboundResponse {
  /** The address that answered, after redirects. */
  readonly url: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text in whatever encoding it came, else the bytes as a file. */
  readonly body: string | InlineFile;
  /** The answer was longer than the limit, and `body` is its beginning; empty if it is not text. */
  readonly truncated?: boolean | undefined;
}

/** Fetches only from public addresses and listed hosts. @throws OutboundRefused, NotConnected, or the error of the network once a connection was made */
export type GuardedFetch = (request: OutboundRequest) => Promise<OutboundResponse>;

/** An answer whose body comes piece by piece. It has to be read or closed, or it holds its connection until its time is over. */
export interface OutboundStream {
  /** The address that answers, after redirects. */
  readonly url: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Unpacked. Leaving the loop ends the connection. @throws AnswerTooLarge, or the error of the network */
  readonly pieces: AsyncIterable<Uint8Array>;
  readonly close: () => void;
}

/** As `GuardedFetch`, behind the same guards and within the same time, for answers that are streams. @throws as it */
export type GuardedStream = (request: OutboundRequest) => Promise<OutboundStream>;

/** The other side answers more than is read of it. */
export class AnswerTooLarge extends Error {
  readonly code = "answer-too-large";

  constructor(maxBytes: number) {
    super(`The answer has more than ${maxBytes} bytes.`);
    this.name = "AnswerTooLarge";
  }
}

const REASONS = {
  "unsupported-url": "Only http and https addresses without a user name can be fetched.",
  "forbidden-address":
    "This host is not on the public internet. Add it to HTTP_ALLOW_HOSTS if workflows may reach it.",
  "too-many-redirects": "The server redirected more than five times.",
  "redirected-elsewhere":
    "The server redirected to another origin, and a request that carries secrets does not go there. Write the new address.",
} as const;

/** The request was not made, or its answer was not read, because of a rule of ours. Repeating it does not help. */
export class OutboundRefused extends Error {
  readonly code: keyof typeof REASONS;

  constructor(code: keyof typeof REASONS, url: string) {
    super(`${REASONS[code]} (${url})`);
    this.name = "OutboundRefused";
    this.code = code;
  }
}

/** No connection was made, or none to a server that could prove its name: nothing of the request has left. The cause says why. */
export class NotConnected extends Error {
  readonly code = "not-connected";

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "NotConnected";
  }
}
