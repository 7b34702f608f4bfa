import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "#/local/faults.ts";
import { refuse } from "#/local/openai/json-answer.ts";

/** Does to a response what the fault says. @returns whether that was the whole answer. */
export async function misbehave(fault: Fault, response: ServerResponse): Promise<boolean> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.malformed === true) {
    response
      .writeHead(200, { "content-type": "application/json" })
      .end("<html>this is not the protocol</html>");
    return true;
  }
  if (fault.status !== undefined) {
    if (fault.retryAfterSeconds !== undefined) response.setHeader("retry-after", fault.retryAfterSeconds);
    return refuse(response, fault.status, "planned fault");
  }
  if (fault.cutAfterChunks !== undefined) cutAfter(fault.cutAfterChunks, response);
  if (fault.endAfterChunks !== undefined) endAfter(fault.endAfterChunks, response, "");
  if (fault.errorEventAfterChunks !== undefined) endAfter(fault.errorEventAfterChunks, response, ERROR_EVENT);
  if (fault.withoutUsage === true) leaveOutUsage(response);
  return false;
}

const ERROR_EVENT = `data: ${JSON.stringify({ error: { message: "The server had an error while processing your request", type: "server_error", code: null } })}\n\n`;

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

function leaveOutUsage(response: ServerResponse): void {
  const write = response.write.bind(response);
  Object.assign(response, {
    write: (piece: string | Buffer) => (/"usage":\{/.test(String(piece)) ? true : write(piece)),
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
