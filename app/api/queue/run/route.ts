import * as v from "valibot";
import { advance } from "#/agents/worker.ts";
import { isFromQueue } from "#/lib/cloud/queue.ts";
import { log } from "#/lib/observe/log.ts";

export const maxDuration = 300;

const WakeUp = v.object({ workspaceId: v.pipe(v.string(), v.uuid()), runId: v.pipe(v.string(), v.uuid()) });

/** One wake-up. 401 when it is not the queue's; 200 and no retry for what can never be understood; 5xx only when infrastructure failed. */
export async function POST(request: Request): Promise<Response> {
  const body = await request.text();
  const { headers } = request;
  if (!(await isFromQueue({ signature: headers.get("upstash-signature") ?? "", body, path: new URL(request.url).pathname }))) {
    return new Response(null, { status: 401 });
  }
  const wakeUp = v.safeParse(v.pipe(v.string(), v.parseJson(), WakeUp), body);
  if (!wakeUp.success) {
    log.warn({ messageId: headers.get("upstash-message-id") }, "A message that is not a wake-up was ignored.");
    return new Response(null, { status: 200 });
  }
  const answer = await advance(wakeUp.output, {
    messageId: headers.get("upstash-message-id") ?? "",
    retried: Number(headers.get("upstash-retried")) || 0,
  });
  return answer.status === 200 ? new Response(null, { status: 200 }) : new Response(null, { status: 503, headers: { "retry-after": String(answer.retryAfterS) } });
}
