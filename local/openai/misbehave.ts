import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "#/local/faults.ts";
import { refuse } from "#/local/openai/json-answer.ts";

/** Does to a response what the fault says. @returns whether that was the whole answer. */
export async function misbehave(fault: Fault, response: ServerResponse): Promise<boolean> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.malformed === true) {
    response.writeHead(200, { "content-type": "application/json" }).end("<html>this is not the protocol</html>");
    return true;
  }
  if (fault.status !== undefined) {
    if (fault.retryAfterSeconds !== undefined) response.setHeader("retry-after", fault.retryAfterSeconds);
    return refuse(response, fault.status, "planned fault");
  }
  if (fault.cutAfterChunks !== undefined) cutAfter(fault.cutAfterChunks, response);
  return false;
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
