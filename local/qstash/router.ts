import type { Headers } from "#/local/qstash/message.ts";
import { Refusal } from "#/local/qstash/refusal.ts";

export type Call = {
  readonly method: string;
  /** Not decoded: a destination URL is part of it. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly search: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Headers;
  readonly body: Buffer;
  readonly callerIp: string | undefined;
};

export type Answer = { readonly status: number; readonly body: unknown };
export type Handler = (call: Call, params: readonly string[]) => unknown;

type Route = { readonly methods: readonly string[]; readonly pattern: RegExp; readonly handle: Handler };

/** Finds the handler of a call. In a path, `*` stands for one segment and `**` for all that is left. */
export class Router {
  private readonly routes: Route[] = [];

  on(methods: string, path: string, handle: Handler): this {
    const pattern = path.replaceAll("**", "(.+)").replaceAll("/*", "/([^/]+)");
    this.routes.push({ methods: methods.split(" "), pattern: new RegExp(`^/v2/${pattern}$`), handle });
    return this;
  }

  /** @throws Refusal 404 when there is no such route, or what the handler throws. */
  answer(call: Call): Answer {
    for (const { methods, pattern, handle } of this.routes) {
      const match = methods.includes(call.method) ? pattern.exec(call.path) : null;
      if (match) return asAnswer(handle(call, match.slice(1).map(decoded)));
    }
    throw new Refusal(404, `not found: ${call.method} ${call.path}`);
  }
}

/** The destination of a publish: its own query is the query of the request. */
export function readDestination(call: Call, part: string): string {
  return part + call.search;
}

/** The body as JSON; an empty one is an empty object. @throws SyntaxError */
export function parseJson({ body }: Call): unknown {
  return body.length === 0 ? {} : JSON.parse(body.toString());
}

/** @throws Refusal 404 when there is none. */
export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Refusal(404, `${what} not found`);
  return value;
}

/** A repeated message is answered with 202, everything else with 200. */
function asAnswer(result: unknown): Answer {
  const isRepeated = typeof result === "object" && result !== null && "deduplicated" in result;
  return { status: isRepeated ? 202 : 200, body: result };
}

/** A URL is left alone: its own escapes belong to the destination. */
function decoded(part: string): string {
  return /^https?:\/\//i.test(part) ? part : decodeURIComponent(part);
}
