import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { urlToHttpOptions } from "node:url";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A service that has not answered by then is taken to be away. */
const ANSWER_TIMEOUT_MS = 15_000;

/**
 * POSTs to one service over kept connections. Costs a third of what fetch costs (0.2 instead of 0.6 ms of CPU), which counts where it is done for
 * every step. @returns a function that throws when there is no answer, and never for what the answer says
 */
export function keptConnection(baseUrl: string): (post: Post) => Promise<Answer> {
  const base = new URL(baseUrl);
  const { Agent, request } = base.protocol === "https:" ? https : http;
  const target = { ...urlToHttpOptions(base), agent: new Agent({ keepAlive: true }), method: "POST", timeout: ANSWER_TIMEOUT_MS };
  const prefix = base.pathname.replace(/\/$/, "");
  return ({ path, headers, body }) =>
    new Promise((resolve, reject) => {
      const options = { ...target, path: prefix + path, headers: { ...headers, "content-length": Buffer.byteLength(body) } };
      const sent = request(options, (response) => collect(response, resolve, reject));
      sent.once("timeout", () => sent.destroy(new Error(`${base.host} has not answered within ${ANSWER_TIMEOUT_MS / 1000} s.`)));
      sent.once("error", reject);
      sent.end(body);
    });
}

function collect(response: IncomingMessage, resolve: (answer: Answer) => void, reject: (error: Error) => void): void {
  let body = "";
  response.setEncoding("utf8");
  response.on("data", (part: string) => (body += part));
  response.once("error", reject);
  response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
}
