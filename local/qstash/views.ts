import { headerLists } from "#/local/qstash/callback.ts";
import { parseDuration } from "#/local/qstash/duration.ts";
import type { LoggedEvent } from "#/local/qstash/event-log.ts";
import { type Message, readMessage } from "#/local/qstash/message.ts";
import type { Schedule } from "#/local/qstash/schedules.ts";
import type { DeadLetter } from "#/local/qstash/store.ts";

/** A message as the API shows it. */
export function viewMessage(message: Message) {
  return {
    messageId: message.id,
    url: message.url,
    method: message.method,
    header: headerLists(
      message.contentType === undefined
        ? message.headers
        : { "Content-Type": message.contentType, ...message.headers },
    ),
    ...bodyView(message.body),
    maxRetries: message.maxRetries,
    retryDelayExpression: message.retryDelay,
    notBefore: message.dueAt,
    createdAt: message.createdAt,
    callback: message.callback?.url,
    failureCallback: message.failureCallback?.url,
    callerIP: message.callerIp,
    ...flowView(message),
    ...belonging(message),
  };
}

export function viewDeadLetter({ id, message, response }: DeadLetter) {
  return {
    ...viewMessage(message),
    dlqId: id,
    responseStatus: response.status,
    responseHeader: response.headers,
    responseBody: response.body,
  };
}

export function viewEvent({ time, state, message, detail }: LoggedEvent) {
  return {
    time,
    state,
    messageId: message.id,
    url: message.url,
    flowControlKey: message.flow?.key,
    callerIP: message.callerIp,
    ...belonging(message),
    ...detail,
  };
}

export function viewSchedule(schedule: Schedule) {
  const body = Buffer.from(schedule.bodyBase64, "base64");
  const message = readMessage(schedule.headers, body, {
    url: schedule.destination,
    queue: schedule.queue,
    callerIp: schedule.callerIp,
  });
  const {
    messageId: _messageId,
    url: _url,
    notBefore: _notBefore,
    maxRetries: retries,
    ...fields
  } = viewMessage(message);
  const delay = schedule.headers["upstash-delay"];
  return {
    ...fields,
    retries,
    scheduleId: schedule.id,
    cron: schedule.cron,
    destination: schedule.destination,
    delay: delay === undefined ? undefined : parseDuration(delay) / 1_000,
    createdAt: schedule.createdAt,
    isPaused: schedule.isPaused,
    nextScheduleTime: schedule.nextAt,
    lastScheduleTime: schedule.lastAt,
  };
}

/** An empty body is not shown at all, as the real service leaves it out. */
function bodyView(body: Buffer): { body?: string } | { bodyBase64: string } {
  if (body.length === 0) return {};
  const text = body.toString("utf8");
  return Buffer.from(text).equals(body) ? { body: text } : { bodyBase64: body.toString("base64") };
}

function flowView({ flow }: Message) {
  const period = flow?.periodMs === undefined ? undefined : flow.periodMs / 1_000;
  return { flowControlKey: flow?.key, parallelism: flow?.parallelism, rate: flow?.rate, period };
}

function belonging({ topic, endpoint, queue, scheduleId, labels }: Message) {
  return { topicName: topic, endpointName: endpoint, queueName: queue, scheduleId, labels, label: labels[0] };
}
