import { unstable_isUnrecognizedActionError, unstable_rethrow } from "next/navigation";
import { useActionState, useState, useTransition } from "react";
import { useFormPlace } from "../_shell/workspace-context.tsx";
import { type FormAction, type FormState, UNSENT } from "#/lib/form-state.ts";

interface FormOptions<Answer> {
  /** The page in the workspace and the form's place on it, such as `settings#limits`: a browser without scripts comes back there. One form each. */
  readonly place: string;
  /** Called in the browser when it is done. */
  readonly onDone?: (answer: Answer) => unknown;
  /** Called in the browser when it is refused. */
  readonly onRefused?: () => void;
}

/** A form with its server action, as `ActionForm` takes it. */
export interface Sending<Answer = unknown> {
  readonly state: FormState<Answer>;
  readonly isPending: boolean;
  /** How often it was done; fields under a new one show what is stored. */
  readonly round: number;
  /** True when the browser itself has sent it, so that no toast tells of it. */
  readonly isPlain: boolean;
  readonly action: (form: FormData) => void;
  readonly send: (form: FormData) => void;
  /** The text that stands in a field: what was sent and refused, or what is stored. */
  readonly textOf: (name: string, stored?: string | number | null) => string;
}

/**
 * Sends a form to its server action: by the browser while there are no scripts, else without leaving the page. Nothing that was typed goes away before it
 * is done: not by a refusal, a lost network, or a server that has been updated.
 */
export function useFormAction<Answer>(
  action: FormAction<Answer>,
  { place, onDone, onRefused }: FormOptions<Answer>,
): Sending<Answer> {
  const [posted, postAction] = useActionState<FormState<Answer>, FormData>(
    action,
    UNSENT,
    useFormPlace(place),
  );
  const [answered, setAnswered] = useState<FormState<Answer>>();
  const [round, setRound] = useState(0);
  const [isPending, start] = useTransition();
  const state = answered ?? posted;
  const send = (form: FormData) =>
    start(async () => {
      const answer = await sendOrExplain(action, form);
      start(() => {
        setAnswered(answer);
        if (answer.status === "done") setRound((before) => before + 1);
      });
      // What a form is answered when it is done is what its contract says.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      if (answer.status === "done") onDone?.(answer.answer as Answer);
      else onRefused?.();
    });
  return {
    state,
    isPending,
    round,
    isPlain: answered === undefined,
    action: postAction,
    send,
    textOf: (name, stored) => state.values[name]?.[0] ?? String(stored ?? ""),
  };
}

async function sendOrExplain<Answer>(action: FormAction<Answer>, form: FormData): Promise<FormState<Answer>> {
  try {
    return await action(null, form);
  } catch (error) {
    unstable_rethrow(error);
    const message = unstable_isUnrecognizedActionError(error)
      ? "Cairn was updated while this page was open. Nothing was changed. Copy what you entered, and reload the page."
      : "The server can’t be reached. Check your connection and try again: what you entered stays here.";
    return { status: "refused", values: {}, problems: {}, message };
  }
}
