import { interrupt } from "@langchain/langgraph";
import * as v from "valibot";
import type { Wait } from "#/agents/engine/run.ts";
import { StepError, toStepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import { OutboundRefused } from "#/lib/outbound.ts";

/** A write to the outside, before it goes out. */
export interface Effect {
  /** The journal's key, which is unique for the task. */
  readonly key: string;
  readonly step: string;
  readonly kind: "http" | "tool";
  readonly target: string;
  readonly request: unknown;
  /** Whether it may be sent again without asking anybody. */
  readonly repeatable: boolean;
}

/** go: nothing of it is out. unknown: an earlier attempt left no answer. lost: the run is in other hands. */
export type EffectStart = "go" | "unknown" | "lost";

export interface SettledEffect {
  readonly key: string;
  readonly state: "pending" | "failed" | "unknown" | "assumed" | "not_sent";
  readonly error?: unknown;
  readonly by?: unknown;
}

export interface Write extends Pick<Effect, "kind" | "target" | "request" | "repeatable"> {
  readonly name: string;
}

const Said = v.looseObject({ action: v.picklist(["sent", "not_sent", "retry"]), values: v.optional(v.unknown()), by: v.optional(v.unknown()) });

/**
 * Sends a write at most once for this task, unless somebody who knows says otherwise. What ended without an answer is not sent again: the run
 * waits until a person (or a program, by the API) says whether it was sent. What certainly did nothing may be tried again.
 * @throws GraphInterrupt while nobody has said; StepError
 */
export function writeOnce(task: Task, write: Write, send: () => Promise<unknown>): Promise<unknown> {
  const { name, ...about } = write;
  const effect = { ...about, key: `${task.id}:${name}`, step: task.step };
  return task.once(name, async () => {
    const start = await task.effects.begin(effect);
    if (start === "lost") throw new StepError("run-lost", "The run is in other hands: nothing was sent.");
    return start === "go" ? attempt(task, effect, send) : askFirst(task, effect, send);
  });
}

async function attempt(task: Task, effect: Effect, send: () => Promise<unknown>): Promise<unknown> {
  const outcome = await send().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("value" in outcome) return outcome.value;
  const failure = toStepError(outcome.error);
  const doubt = doubtOf(outcome.error, failure);
  if (effect.repeatable) throw failure;
  await task.effects.settle({ key: effect.key, state: doubt === "in-doubt" ? "unknown" : "failed", error: { code: failure.code, message: failure.message } });
  if (doubt === "in-doubt") return askFirst(task, effect, send);
  throw new StepError(failure.code, failure.message, { cause: failure, retryable: doubt === "not-sent", retryAfterMs: failure.retryAfterMs, endsAs: failure.endsAs });
}

async function askFirst(task: Task, effect: Effect, send: () => Promise<unknown>): Promise<unknown> {
  const said = v.parse(Said, interrupt<Omit<Wait, "id">>(questionOf(effect)));
  switch (said.action) {
    case "sent":
      await task.effects.settle({ key: effect.key, state: "assumed", by: said.by });
      return { assumed: true, response: responseIn(said.values) };
    case "not_sent":
      await task.effects.settle({ key: effect.key, state: "not_sent", by: said.by });
      throw new StepError("not-sent", `${effect.target} was not sent, and shall not be.`);
    case "retry":
      await task.effects.settle({ key: effect.key, state: "pending", by: said.by });
      return attempt(task, effect, send);
  }
}

function questionOf({ key, step, target, request }: Effect): Omit<Wait, "id"> {
  return {
    kind: "approval",
    step,
    approval: {
      subject: "side_effect",
      subjectId: key,
      title: `Was ${target} sent?`,
      description:
        "The request went out and no answer came back, so it is not repeated by itself. Look at the other side: “sent” goes on as if it had been answered, “not sent” fails the step, “retry” sends it again with the same idempotency key.",
      shown: { target, request, idempotencyKey: key },
      actions: ["sent", "not_sent", "retry"],
      form: { type: "object", properties: { response: { type: "object", title: "Answer of the other side", description: "For “sent”: what the step gives, if you know it." } } },
    },
  };
}

function responseIn(values: unknown): unknown {
  return typeof values === "object" && values !== null && "response" in values ? values.response : null;
}

/** The connection was never made, so nothing of the request has left. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ERR_TLS_CERT_ALTNAME_INVALID"]);
const REFUSED_BEFORE: ReadonlySet<string> = new Set(["unsupported-url", "forbidden-address"]);
/** A gateway says this when it has no answer of the server behind it. */
const GATEWAY_IN_DOUBT: ReadonlySet<string> = new Set(["http-502", "http-504"]);
const BUSY: ReadonlySet<string> = new Set(["http-429", "http-503"]);

/** answered: the other side said no. not-sent: it never heard of it, or was too busy to look. in-doubt: nobody here can tell. */
function doubtOf(error: unknown, failure: StepError): "answered" | "not-sent" | "in-doubt" {
  const cause = error instanceof StepError ? (error.cause ?? error) : error;
  if (cause instanceof OutboundRefused) return REFUSED_BEFORE.has(cause.code) ? "answered" : "in-doubt";
  if (cause instanceof Error && "code" in cause && NEVER_CONNECTED.has(String(cause.code))) return "not-sent";
  if (BUSY.has(failure.code)) return "not-sent";
  if (GATEWAY_IN_DOUBT.has(failure.code)) return "in-doubt";
  return failure.code.startsWith("http-") && failure.code !== "http-unreachable" ? "answered" : "in-doubt";
}
