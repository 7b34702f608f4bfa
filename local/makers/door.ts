import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { type Fault, FaultPlan, FaultRequest } from "#/local/faults.ts";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { readJson, send } from "#/local/openai/json-answer.ts";
import { misbehave } from "#/local/openai/misbehave.ts";

export interface MakerOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly apiKey: string;
  /** Between two events of a streamed answer; without it they come at once. */
  readonly paceMs?: number;
}

/** A refusal in the maker's own words: a status and what stands in the body. */
export interface Refusal {
  readonly status: number;
  readonly body: object;
}

/** An answer: JSON, or events in the order in which they are sent, each as it stands on the wire. */
export type MakerAnswer = Refusal | { readonly events: readonly string[] };

/** One request, as far as a wire reads it. */
export interface MakerRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** Undefined where there is none, or it is not JSON. */
  readonly body: unknown;
}

/** The way in which one maker of models is spoken with. */
export interface MakerWire {
  /** Whether a request to this path asks a model, and is what faults hit. */
  readonly isPaid: (path: string) => boolean;
  /** @returns undefined where the key is the right one */
  readonly refuseKey: (request: MakerRequest) => Refusal | undefined;
  readonly answer: (request: MakerRequest) => MakerAnswer;
  readonly fault: (status: number) => Refusal;
  /** The event that says in mid-stream that something broke. */
  readonly errorEvent: string;
  /** An event without what was used. */
  readonly withoutUsage: (event: string) => string;
}

interface RecordedRequest {
  readonly path: string;
  readonly at: number;
  /** The fault that hit it; without one it was answered. */
  readonly fault?: Fault;
}

export interface Maker {
  readonly port: number;
  readonly stop: () => Promise<void>;
  /** Requests that asked a model, newest last, so that tests can count paid calls. */
  readonly requests: () => readonly RecordedRequest[];
}

const REMEMBERED = 10_000;

/** Opens a maker's wire on 127.0.0.1. Beside it, with the same key: `/_faults` (POST, DELETE) and `/_requests`. */
export async function openMaker(wire: MakerWire, options: MakerOptions): Promise<Maker> {
  const faults = new FaultPlan();
  const requests: RecordedRequest[] = [];
  const hit = async (path: string, response: ServerResponse): Promise<boolean> => {
    const fault = faults.take(path);
    requests.push({ path, at: Date.now(), ...(fault && { fault }) });
    requests.splice(0, requests.length - REMEMBERED);
    return fault !== undefined && misbehave(fault, response, wire);
  };
  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming);
    const refused = wire.refuseKey(request);
    if (refused) return give(response, refused, 0);
    if (request.path.startsWith("/_")) return steer(request, response, { faults, requests });
    if (wire.isPaid(request.path) && (await hit(request.path, response))) return;
    await give(response, wire.answer(request), options.paceMs ?? 0);
  });
  const port = await listenOnLoopback(server, options.port);
  return { port, stop: () => closeServer(server), requests: () => requests };
}

async function readRequest(incoming: IncomingMessage): Promise<MakerRequest> {
  const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://local");
  return {
    method: incoming.method ?? "GET",
    path: decodeURIComponent(pathname),
    query: searchParams,
    headers: incoming.headers,
    body: await readJson(incoming),
  };
}

async function give(response: ServerResponse, answer: MakerAnswer, paceMs: number): Promise<void> {
  if ("status" in answer) return send(response, answer.status, answer.body);
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  for (const event of answer.events) {
    if (response.destroyed || response.writableEnded) return;
    response.write(event);
    if (paceMs > 0) await sleep(paceMs);
  }
  response.end();
}

interface Steered {
  readonly faults: FaultPlan;
  readonly requests: readonly RecordedRequest[];
}

function steer(
  { method, path, body }: MakerRequest,
  response: ServerResponse,
  { faults, requests }: Steered,
): void {
  const asked = `${method} ${path}`;
  if (asked === "GET /_requests") return send(response, 200, { requests });
  if (asked === "DELETE /_faults") faults.clear();
  else if (asked === "POST /_faults") {
    const parsed = v.safeParse(FaultRequest, body);
    if (!parsed.success) return send(response, 400, { error: v.summarize(parsed.issues) });
    faults.add(parsed.output);
  } else return send(response, 404, { error: `There is no ${asked}.` });
  send(response, 200, {});
}
