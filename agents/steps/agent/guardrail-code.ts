import * as v from "valibot";
import { runSmallCode } from "#/agents/steps/code/run.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { ModelUse, Task } from "#/agents/steps/task.ts";

/** The verdict of a check on an answer. */
export interface Verdict {
  /** undefined: it passes. */
  readonly complaint: string | undefined;
  /** The value that counts as the answer from now on. */
  readonly revised?: { readonly value: unknown } | undefined;
  readonly use?: ModelUse | undefined;
}

const Answer = v.union([
  v.boolean(),
  v.string(),
  v.object({ ok: v.boolean(), feedback: v.optional(v.string()), value: v.optional(v.unknown()) }),
]);

const UNFIT =
  "The code of a guardrail returns true, false, a text that says what is wrong, or {ok, feedback, value}.";

/** Runs the code of a guardrail on an answer, which it sees as `output`. @throws CodeError, StepError */
export async function runGuardrailCode(task: Task, source: string, output: unknown): Promise<Verdict> {
  const { value } = await runSmallCode(source, task, { output });
  const answer = v.safeParse(Answer, value);
  if (!answer.success) throw new StepError("guardrail", UNFIT);
  if (typeof answer.output === "boolean") return { complaint: answer.output ? undefined : REJECTED };
  if (typeof answer.output === "string") return { complaint: answer.output || undefined };
  const { ok, feedback, value: revised } = answer.output;
  if (!ok) return { complaint: feedback || REJECTED };
  return { complaint: undefined, revised: revised === undefined ? undefined : { value: revised } };
}

const REJECTED = "The check of the answer says no.";
