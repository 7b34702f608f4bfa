import { useState } from "react";
import { parseText } from "#/agents/definition/format/parse.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import type { Problem } from "#/lib/http/wire.ts";
import type { StartTry } from "#/operations/tries/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { useStartTry } from "../../../_data/tries.ts";
import type { Draft } from "../use-draft.ts";
import { readPins } from "./pins.ts";
import type { Trial } from "./use-trial.ts";

/** The draft of a workflow, and what is being tried of it. */
export interface Tried {
  readonly workflowId: string;
  readonly draft: Draft;
  readonly trial: Trial;
}

const UNSAVED = "The draft couldn’t be saved, and what runs is what is saved. Try again in a moment.";

function readDocument(text: string): unknown {
  const parsed = parseText(text);
  return parsed.ok ? parsed.document : undefined;
}

/** Refusals that are about the draft: their problems are shown at its steps. */
const OF_DRAFT: ReadonlySet<string> = new Set(["invalid-definition", "rule-of-two"]);

/** Saves the draft, starts a run of what is saved, and has the canvas show it. */
export function useTryStart({ workflowId, draft, trial }: Tried) {
  const start = useStartTry(workflowId);
  const [isUnsaved, setUnsaved] = useState(false);
  // One key for one opening of a window: however often it is sent, one run starts.
  const [key] = useState(() => crypto.randomUUID());
  /** @param onRefused told of what is wrong with the request, and not with the draft */
  const send = async (body: StartTry, onRefused: (problems: readonly Problem[]) => void) => {
    const revision = await draft.save();
    setUnsaved(revision === undefined);
    if (revision === undefined) return;
    const onError = (error: Error) => {
      if (!(error instanceof ApiError)) return;
      if (OF_DRAFT.has(error.code)) trial.refuse(error.problems);
      else onRefused(error.problems);
    };
    // A step that runs alone meets no other.
    const pinned = body.only ? {} : readPins(readDocument(draft.text), trial.pins);
    start.mutate({ ...body, pinned, revision, key }, { onSuccess: ({ id }) => trial.show(id), onError });
  };
  const failure = start.error ? describeError(start.error) : undefined;
  return { send, isPending: start.isPending, problem: isUnsaved ? UNSAVED : failure };
}
