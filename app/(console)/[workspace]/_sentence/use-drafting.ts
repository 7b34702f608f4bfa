import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api } from "#/app/_ui/api.ts";
import { describeError, writeSentence } from "#/app/_ui/api-error.ts";
import type { DraftDefinition } from "#/operations/definitions/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";

/** A draft from a sentence, asked for, under way, there or refused. One at a time, and it can be stopped: whoever waits no more pays no more. */
export function useDrafting() {
  const underWay = useRef<AbortController>(undefined);
  const { mutate, data, error, isPending, reset } = useMutation({
    mutationFn: ({ body, signal }: { readonly body: DraftDefinition; readonly signal: AbortSignal }) =>
      api("POST /api/v1/definitions/draft", { body, signal }),
    onSettled: (_drafted, _error, { signal }) => {
      if (underWay.current?.signal === signal) underWay.current = undefined;
    },
  });
  const ask = (body: DraftDefinition) => {
    // Two presses come before the page has drawn that the first was heard.
    if (underWay.current) return;
    underWay.current = new AbortController();
    mutate({ body, signal: underWay.current.signal });
  };
  const clear = () => {
    underWay.current?.abort();
    underWay.current = undefined;
    reset();
  };
  useEffect(() => () => underWay.current?.abort(), []);
  return { ask, drafted: data, isPending, clear, ...placeError(error) };
}

/** What is wrong with the sentence belongs to its field, everything else above it. */
function placeError(error: Error | null): { readonly fieldError?: string; readonly failure?: string } {
  if (error === null) return {};
  const own = error instanceof ApiError ? error.problems.find(({ path }) => path === "/sentence") : undefined;
  return own ? { fieldError: writeSentence(own) } : { failure: describeError(error) };
}
