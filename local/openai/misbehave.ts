import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "#/local/faults.ts";
import { send, wordRefusal } from "#/local/openai/json-answer.ts";

/** How a maker of models says that something went wrong. */
interface Manners {
  readonly fault: (status: number) => { readonly status: number; readonly body: object };
  readonly errorEvent: string;
  readonly withoutUsage: (event: string) => string;
}

export const OPENAI_MANNERS: Manners = {
  fault: (status) => ({ status, body: wordRefusal(status, "planned fault") }),
  errorEvent: `data: ${JSON.stringify({ error: { message: "The server had an error while processing your request", type: "server_error", code: null } })}\n\n`,
  withoutUsage: (event) => (/"usage":\{/.test(event) ? "" : event),
};

/** Does to a response what the fault says, as the maker would. @returns whether that was the whole answer. */
export async function misbehave(fault: Fault, response: ServerResponse, manners: Manners): Promise<boolean> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.malformed === true) {
    response
      .writeHead(200, { "content-type": "application/json" })
      .end("<html>this is not the protocol</html>");
    return true;
  }
  if (fault.status !== undefined) {
    if (fault.retryAfterSeconds !== undefined) response.setHeader("retry-after", fault.retryAfterSeconds);
    const { status, body } = manners.fault(fault.status);
    send(response, status, body);
    return true;
  }
  if (fault.cutAfterChunks !== undefined) cutAfter(fault.cutAfterChunks, response);
  if (fault.endAfterChunks !== undefined) endAfter(fault.endAfterChunks, response, "");
  if (fault.errorEventAfterChunks !== undefined)
    endAfter(fault.errorEventAfterChunks, response, manners.errorEvent);
  if (fault.withoutUsage === true) leaveOutUsage(response, manners.withoutUsage);
  return false;
}

/** Lets some pieces of the body through, then the last word, and ends in order. */
function endAfter(chunks: number, response: ServerResponse, lastWord: string): void {
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  let passed = 0;
  const pass = (piece: string | Buffer) => {
    passed += 1;
    if (passed <= chunks) write(piece);
    else if (passed === chunks + 1) end(lastWord);
    return true;
  };
  Object.assign(response, { write: pass, end: () => (passed <= chunks ? end(lastWord) : response) });
}

function leaveOutUsage(response: ServerResponse, withoutUsage: Manners["withoutUsage"]): void {
  const write = response.write.bind(response);
  Object.assign(response, {
    write: (piece: string | Buffer) => {
      const left = withoutUsage(String(piece));
      return left === "" ? true : write(left);
    },
  });
}

/** Lets some pieces of the body through and drops the connection once they are on their way. */
function cutAfter(chunks: number, response: ServerResponse): void {
  const write = response.write.bind(response);
  let passed = 0;
  const pass = (piece: string | Buffer) => {
    passed += 1;
    if (passed === chunks) write(piece, () => response.destroy());
    else if (passed < chunks) write(piece);
    else if (chunks === 0) response.destroy();
    return true;
  };
  Object.assign(response, { write: pass, end: pass });
}
