import { type Headers, type Message, readMessage } from "#/local/qstash/message.ts";
import type { DeliveryResponse } from "#/local/qstash/outcome.ts";

type CallbackTarget = { readonly url: string; readonly headers: Headers; readonly deadLetterId?: string };

/** The message that tells a callback URL how an attempt went. */
export function callbackMessage(
  message: Message,
  response: DeliveryResponse,
  target: CallbackTarget,
): Message {
  const body = Buffer.from(JSON.stringify(report(message, response, target.deadLetterId)));
  const headers = {
    "content-type": "application/json",
    "upstash-retries": String(message.maxRetries),
    ...target.headers,
  };
  return readMessage(headers, body, { url: target.url, callerIp: message.callerIp });
}

function report(message: Message, response: DeliveryResponse, deadLetterId: string | undefined) {
  return {
    status: response.status,
    header: response.headers,
    body: response.body.toString("base64"),
    retried: message.retried,
    maxRetries: message.maxRetries,
    dlqId: deadLetterId,
    sourceMessageId: message.id,
    topicName: message.topic,
    endpointName: message.endpoint,
    url: message.url,
    method: message.method,
    sourceHeader: headerLists(message.headers),
    sourceBody: message.body.toString("base64"),
    notBefore: String(message.dueAt),
    createdAt: String(message.createdAt),
    scheduleId: message.scheduleId,
    callerIP: message.callerIp,
  };
}

/** Returns headers as QStash shows them: names as Go's net/http writes them (`Test-Header`), a list of values each. */
export function headerLists(headers: Headers): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [canonicalName(name), [value]]));
}

function canonicalName(name: string): string {
  return name.toLowerCase().replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}
