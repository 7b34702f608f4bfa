import * as v from "valibot";
import { isFromQueue } from "#/lib/cloud/queue.ts";
import { readBytes } from "#/lib/http/body.ts";
import { problemResponse, refuse } from "#/lib/http/problem.ts";
import { log } from "#/lib/observe/log.ts";
import { reportError } from "#/lib/observe/report.ts";

/** One delivery of a message. `retried` is how often the queue tried it before. */
export interface QueueDelivery {
  readonly messageId: string;
  readonly retried: number;
}

interface QueueAnswer {
  readonly status: 200 | 503;
  readonly retryAfterS?: number;
}

interface QueueRoute<Schema extends v.GenericSchema> {
  /** The path that the message must have been meant for. */
  readonly path: string;
  readonly body: Schema;
  readonly handle: (body: v.InferOutput<Schema>, delivery: QueueDelivery) => Promise<QueueAnswer>;
}

const MAX_BODY_BYTES = 100_000;
const NOT_SIGNED = refuse(
  "unauthenticated",
  "Only the queue calls this, with a signature that fits the body and this address.",
);

/**
 * The door for the queue: verify → parse → one verb. Whatever is not signed gets 401; a signed message that nobody can understand is
 * logged and acknowledged, because sending it again would not help. Only infrastructure errors answer 500, and then the queue tries again.
 */
export function queueRoute<const Schema extends v.GenericSchema>({ path, body, handle }: QueueRoute<Schema>) {
  return async (request: Request): Promise<Response> => {
    const bytes = await readBytes(request, MAX_BODY_BYTES);
    const signature = request.headers.get("upstash-signature") ?? "";
    // Messages of ours are UTF-8 without a mark; a mark that somebody put there must not be taken out before the signature is checked.
    const text = bytes.ok ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.value) : "";
    if (!bytes.ok || !(await isFromQueue({ signature, body: text, path })))
      return problemResponse(NOT_SIGNED);
    const message = v.safeParse(v.pipe(v.string(), v.parseJson(), body), text);
    const delivery = readDelivery(request.headers);
    if (!message.success) {
      log.warn(
        { path, ...delivery, problem: message.issues[0].message },
        "a message was not understood and is ignored",
      );
      return new Response(null, { status: 200 });
    }
    try {
      return present(await handle(message.output, delivery));
    } catch (error) {
      await reportError(
        error,
        { path, ...delivery },
        "a message could not be handled; the queue will send it again",
      );
      return new Response(null, { status: 500 });
    }
  };
}

function readDelivery(headers: Headers): QueueDelivery {
  return {
    messageId: headers.get("upstash-message-id") ?? "",
    retried: Number(headers.get("upstash-retried") ?? 0) || 0,
  };
}

function present({ status, retryAfterS }: QueueAnswer): Response {
  return new Response(null, {
    status,
    ...(retryAfterS !== undefined && { headers: { "Retry-After": String(retryAfterS) } }),
  });
}
