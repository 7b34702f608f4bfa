import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { readContent } from "#/lib/bytes/content.ts";
import { unpackPieces } from "#/lib/bytes/inflate-pieces.ts";
import { unpack } from "#/lib/bytes/inflate.ts";
import { publicAddresses, systemResolve, type Address, type Resolve } from "#/lib/http/public-address.ts";
import {
  AnswerTooLarge,
  NotConnected,
  OutboundRefused,
  type GuardedFetch,
  type GuardedStream,
  type OutboundRequest,
  type OutboundResponse,
} from "#/lib/outbound.ts";

export interface GuardedFetchOptions {
  /** Hosts, or host:port, that may be fetched whatever their address is. */
  readonly allowHosts?: readonly string[];
  /** For everything together: names, redirects, the answer. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly resolve?: Resolve;
}

interface Limits {
  readonly allowHosts: readonly string[];
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly resolve: Resolve;
}

/** An answer that begins, and the hop that got it. */
interface Answer {
  readonly hop: Hop;
  readonly message: IncomingMessage;
  /** Aborted when the time is over, or the request was given up. */
  readonly signal: AbortSignal;
}

/** One request of a chain of redirects. */
interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly staysAtOrigin: boolean;
  /** A server before it has taken the request in, and only sent on to where its answer is read. */
  readonly isHeard: boolean;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Set by us or by the connection; a caller's value would let requests be smuggled or sent to another virtual host. */
const OUR_HEADERS: ReadonlySet<string> = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "accept-encoding",
  "upgrade",
]);
/** Never carried to another origin. */
const CREDENTIALS: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization"]);

/**
 * Makes a fetch for addresses that users and models choose. Names are resolved here, checked, and the connection goes to
 * the checked address, so that a name cannot change its mind in between; every redirect is checked again.
 */
export function guardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  const limits = completeLimits(options);
  return async (request) => {
    const { hop, message } = await open(request, limits);
    return { url: hop.url.href, ...(await read(message, limits.maxBytes)) };
  };
}

/** Returns whether `guardedFetch` would connect to an address now: a name that cannot be found is no reason to say no. */
export async function isReachable(url: URL, options: GuardedFetchOptions): Promise<boolean> {
  try {
    await checkedAddresses(url, completeLimits(options));
    return true;
  } catch (error) {
    return !(error instanceof OutboundRefused);
  }
}

/** Makes a fetch as `guardedFetch` does, for answers that are read while they come. */
export function guardedStream(options: GuardedFetchOptions = {}): GuardedStream {
  const limits = completeLimits(options);
  return async (request) => {
    const { hop, message, signal } = await open(request, limits);
    const unpacked = unpackPieces(message, message.headers["content-encoding"]);
    return {
      url: hop.url.href,
      ...readHead(message),
      pieces: within({ maxBytes: limits.maxBytes, signal }, unpacked),
      close: () => void message.destroy(),
    };
  };
}

const completeLimits = ({
  allowHosts = [],
  timeoutMs = 30_000,
  maxBytes = 2 * 1024 * 1024,
  resolve = systemResolve,
}: GuardedFetchOptions): Limits => ({ allowHosts, timeoutMs, maxBytes, resolve });

/** Sends a request and follows redirects, until an answer begins. The time runs on while it is read. */
async function open(request: OutboundRequest, limits: Limits): Promise<Answer> {
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  const signal = request.signal === undefined ? deadline : AbortSignal.any([request.signal, deadline]);
  let hop = firstHop(request);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const pinned = await resolveAddresses(hop, limits, signal);
    const message = await send(hop, pinned, signal);
    const next = readRedirect(hop, message);
    if (next === undefined) return { hop, message, signal };
    message.destroy();
    hop = next;
  }
  throw new OutboundRefused("too-many-redirects", request.url);
}

function firstHop({ url, method = "GET", headers = {}, body, staysAtOrigin = false }: OutboundRequest): Hop {
  const kept = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !OUR_HEADERS.has(name));
  return {
    url: parsed(url),
    method: method.toUpperCase(),
    headers: Object.fromEntries(kept),
    body,
    staysAtOrigin,
    isHeard: false,
  };
}

function parsed(text: string, base?: URL): URL {
  const url = URL.parse(text, base);
  const supported =
    url !== null &&
    (url.protocol === "http:" || url.protocol === "https:") &&
    url.username === "" &&
    url.password === "";
  if (!supported) throw new OutboundRefused("unsupported-url", text);
  return url;
}

/** The addresses of a hop, as long as there is time. A system that resolves names cannot be told to stop. */
async function resolveAddresses(
  hop: Hop,
  limits: Limits,
  signal: AbortSignal,
): Promise<readonly Address[] | undefined> {
  try {
    return await untilAborted(signal, checkedAddresses(hop.url, limits));
  } catch (error) {
    throw error instanceof OutboundRefused ? error : unsent(hop, error);
  }
}

function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Wraps what went wrong before the hop's request had left. */
const unsent = ({ isHeard }: Hop, error: unknown): unknown => (isHeard ? error : new NotConnected(error));

/** The addresses to connect to; undefined for a listed host, which may be anywhere. */
async function checkedAddresses(
  url: URL,
  { allowHosts, resolve }: Limits,
): Promise<readonly Address[] | undefined> {
  if (isListed(url, allowHosts)) return undefined;
  const addresses = await publicAddresses(url.hostname, resolve);
  if (addresses.length === 0) throw new OutboundRefused("forbidden-address", url.origin);
  return addresses;
}

function isListed(url: URL, allowHosts: readonly string[]): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return allowHosts.some((host) => host === url.hostname || host === `${url.hostname}:${port}`);
}

function send(
  hop: Hop,
  pinned: readonly Address[] | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { url, method, headers, body } = hop;
  const options: RequestOptions = {
    method,
    headers: { "user-agent": "Cairn", ...headers, "accept-encoding": "identity" },
    signal,
    // A kept connection would go to an address that was checked for another request.
    agent: false,
    ...(pinned === undefined ? {} : { lookup: answering(pinned) }),
  };
  const isSecure = url.protocol === "https:";
  const request = isSecure ? httpsRequest(url, options) : httpRequest(url, options);
  let isConnected = false;
  return new Promise((resolve, reject) => {
    request
      // With TLS nothing is written before the server's certificate was found good.
      .once("socket", (socket) =>
        socket.once(isSecure ? "secureConnect" : "connect", () => (isConnected = true)),
      )
      .once("response", resolve)
      .once("error", (error) => reject(isConnected ? error : unsent(hop, error)))
      .end(body);
  });
}

/** A name look-up that only knows the addresses that were checked. */
function answering(addresses: readonly Address[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family);
  };
}

function readRedirect(hop: Hop, message: IncomingMessage): Hop | undefined {
  const { statusCode = 0, headers } = message;
  if (!REDIRECTS.has(statusCode) || headers.location === undefined) return undefined;
  const url = parsed(headers.location, hop.url);
  const sameOrigin = url.origin === hop.url.origin;
  if (!sameOrigin && hop.staysAtOrigin) {
    message.destroy();
    throw new OutboundRefused("redirected-elsewhere", url.origin);
  }
  const kept = Object.entries(hop.headers).filter(([name]) => sameOrigin || !CREDENTIALS.has(name));
  const after = methodAfter(statusCode, hop);
  return {
    ...hop,
    ...after,
    url,
    headers: Object.fromEntries(kept),
    isHeard: hop.isHeard || after.method !== hop.method,
  };
}

/** As browsers do it: 303 always turns into GET, 301 and 302 only for POST, and a GET has no body. */
function methodAfter(status: number, { method, body }: Hop): Pick<Hop, "method" | "body"> {
  const becomesGet =
    (status === 303 && method !== "HEAD") || ((status === 301 || status === 302) && method === "POST");
  return becomesGet ? { method: "GET", body: undefined } : { method, body };
}

async function read(message: IncomingMessage, maxBytes: number): Promise<Omit<OutboundResponse, "url">> {
  const { bytes, isWhole } = await upTo(maxBytes, message);
  const answer = readHead(message);
  const { "content-encoding": encoding, "content-type": contentType } = message.headers;
  // We ask for none; some servers pack all the same.
  const unpacked = isWhole
    ? await unpack(bytes, encoding, maxBytes)
    : ({ ok: false, because: "too-large" } as const);
  if (unpacked.ok) return { ...answer, body: readContent(unpacked.bytes, contentType) };
  if (unpacked.because !== "too-large")
    return { ...answer, body: readContent(bytes, "application/octet-stream") };
  const beginning = encoding === undefined ? readContent(bytes, contentType) : "";
  return { ...answer, body: typeof beginning === "string" ? beginning : "", truncated: true };
}

function readHead({
  statusCode = 0,
  headers,
}: IncomingMessage): Pick<OutboundResponse, "status" | "headers"> {
  const texts = Object.entries(headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")] as const,
  );
  return { status: statusCode, headers: Object.fromEntries(texts) };
}

interface Bounds {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

async function* within(
  { maxBytes, signal }: Bounds,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  let size = 0;
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > maxBytes) throw new AnswerTooLarge(maxBytes);
      yield piece;
    }
  } catch (error) {
    // The connection only knows that it was ended, not why.
    throw signal.aborted ? signal.reason : error;
  }
}

/** Reads no more than the limit; whoever leaves the loop destroys the connection. */
async function upTo(
  limit: number,
  message: AsyncIterable<Buffer>,
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message) {
    size += piece.length;
    pieces.push(piece);
    if (size > limit)
      return {
        bytes: Buffer.concat(pieces).subarray(0, wholeCharacters(Buffer.concat(pieces), limit)),
        isWhole: false,
      };
  }
  return { bytes: Buffer.concat(pieces), isWhole: true };
}

/** Finds where a cut in UTF-8 tears no character: the bytes of one character behind its first begin with the bits 10. */
function wholeCharacters(bytes: Buffer, limit: number): number {
  let end = limit;
  while (end > 0 && ((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end -= 1;
  return end;
}
