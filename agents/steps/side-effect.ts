import * as v from "valibot";
import type { Wait } from "#/agents/engine/run.ts";
import { StepError, toStepError } from "#/agents/steps/step-error.ts";
import type { SideEffect, Task } from "#/agents/steps/task.ts";

interface Write extends Pick<SideEffect, "kind" | "target" | "request" | "repeatable"> {
  readonly name: string;
  /** The input that the answer depends on. */
  readonly asked: unknown;
}

const Said = v.looseObject({
  action: v.picklist(["sent", "not_sent", "retry"]),
  values: v.optional(v.unknown()),
  by: v.optional(v.unknown()),
});

/**
 * Sends a write at most once for this task, unless somebody who knows says otherwise. What ended without an answer is not sent again: the run
 * waits until a person (or a program, by the API) says whether it was sent. What certainly did nothing may be tried again.
 * @throws Parking while nobody has said; StepError
 */
export function writeOnce(task: Task, write: Write, send: () => Promise<unknown>): Promise<unknown> {
  const { name, asked, ...about } = write;
  const sideEffect = { ...about, key: `${task.id}:${name}`, step: task.step };
  return task.once(
    name,
    async () => {
      const start = await task.sideEffects.begin(sideEffect);
      if (start === "lost") throw lost();
      return start === "go"
        ? attempt(task, { sideEffect, send, retries: 0 })
        : askFirst(task, { sideEffect, send, retries: 0 });
    },
    asked,
  );
}

const lost = () => new StepError("run-lost", "The run is in other hands: nothing was sent.");

interface Sending {
  readonly sideEffect: SideEffect;
  readonly send: () => Promise<unknown>;
  /** Answers to try again that came before. */
  readonly retries: number;
}

async function attempt(task: Task, sending: Sending): Promise<unknown> {
  const { sideEffect, send } = sending;
  const outcome = await send().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("value" in outcome) return outcome.value;
  const failure = toStepError(outcome.error);
  const doubt = judgeDoubt(outcome.error, failure);
  if (sideEffect.repeatable) throw failure;
  await task.sideEffects.settle({
    key: sideEffect.key,
    state: doubt === "in-doubt" ? "unknown" : "failed",
    error: { code: failure.code, message: failure.message },
  });
  if (doubt === "in-doubt") return askFirst(task, sending);
  throw new StepError(failure.code, failure.message, {
    cause: failure,
    retryable: doubt === "not-sent",
    retryAfterMs: failure.retryAfterMs,
    endsAs: failure.endsAs,
  });
}

async function askFirst(task: Task, sending: Sending): Promise<unknown> {
  const { sideEffect, retries } = sending;
  const said = v.parse(Said, task.wait(buildQuestion(sideEffect, task.id)));
  switch (said.action) {
    case "sent":
      await task.sideEffects.settle({ key: sideEffect.key, state: "assumed", by: said.by });
      return { assumed: true, response: responseIn(said.values) };
    case "not_sent":
      await task.sideEffects.settle({ key: sideEffect.key, state: "not_sent", by: said.by });
      throw new StepError("not-sent", `${sideEffect.target} was not sent, and shall not be.`);
    case "retry": {
      const end = await task.sideEffects.settle({
        key: sideEffect.key,
        state: "pending",
        by: said.by,
        retries,
      });
      if (end === "lost") throw lost();
      const next = { ...sending, retries: retries + 1 };
      // Its try was made, perhaps by a process that died after it: nobody knows again.
      return end === "used" ? askFirst(task, next) : attempt(task, next);
    }
  }
}

function buildQuestion({ key, step, target, request }: SideEffect, idempotencyKey: string): Omit<Wait, "id"> {
  return {
    kind: "approval",
    step,
    approval: {
      subject: "side_effect",
      subjectId: key,
      title: `Was ${target} sent?`,
      description:
        "The request went out and no answer came back, so it is not repeated by itself. Look at the other side: “sent” continues as if it had been answered, “not sent” fails the step, “retry” sends it again with the same idempotency key.",
      shown: { target, request, idempotencyKey },
      actions: ["sent", "not_sent", "retry"],
      form: {
        type: "object",
        properties: {
          response: {
            type: "object",
            title: "Answer of the other side",
            description: "For “sent”: what the step gives, if you know it.",
          },
        },
      },
    },
  };
}

function responseIn(values: unknown): unknown {
  return typeof values === "object" && values !== null && "response" in values ? values.response : null;
}

type Doubt = "answered" | "not-sent" | "in-doubt";

/** The doubt about a request without an answer, by its cause. */
const BY_CAUSE: Readonly<Record<string, Doubt>> = {
  // No name, no address, no connection, no good certificate: nothing of it has left.
  "not-connected": "not-sent",
  // Rules of ours that are checked before anything is sent.
  "unsupported-url": "answered",
  "forbidden-address": "answered",
  // An answer, though not one to follow.
  "redirected-elsewhere": "answered",
  "too-many-redirects": "answered",
};
/** Answers that say something else than "no": too busy to look, or a gateway without an answer of the server behind it. */
const BY_ANSWER: Readonly<Record<string, Doubt>> = {
  "mcp-error": "answered",
  "mcp-tool-error": "answered",
  "mcp-signed-out": "answered",
  "mcp-unsent": "not-sent",
  "mcp-unanswered": "in-doubt",
  "mail-refused": "answered",
  "mail-unsent": "not-sent",
  "mail-unanswered": "in-doubt",
  "connection-missing": "answered",
  "connection-kind": "answered",
  "connection-elsewhere": "answered",
  "http-429": "not-sent",
  "http-503": "not-sent",
  "tool-rate-limited": "not-sent",
  "http-502": "in-doubt",
  "http-504": "in-doubt",
  "http-unreachable": "in-doubt",
  "secret-elsewhere": "answered",
  "http-unsendable": "answered",
};

/** answered: the other side said no. not-sent: it never heard of it, or was too busy to look. in-doubt: nobody here can tell. */
function judgeDoubt(error: unknown, failure: StepError): Doubt {
  const cause = error instanceof StepError ? error.cause : error;
  const networkCode = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return (
    BY_CAUSE[networkCode] ??
    BY_ANSWER[failure.code] ??
    (failure.code.startsWith("http-") ? "answered" : "in-doubt")
  );
}
