import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { api } from "#/app/_ui/api.ts";
import { describeError, writeSentence } from "#/app/_ui/api-error.ts";
import type { DraftDefinition } from "#/operations/definitions/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";

/** A draft from a sentence, asked for, under way, there or refused. It can be stopped: whoever waits no more pays no more. */
export function useDrafting() {
  const asked = useRef<AbortController>(undefined);
  const { mutate, data, error, isPending, reset } = useMutation({
    mutationFn: (body: DraftDefinition) => {
      asked.current = new AbortController();
      return api("POST /api/v1/definitions/draft", { body, signal: asked.current.signal });
    },
  });
  const clear = () => {
    asked.current?.abort();
    reset();
  };
  return { ask: mutate, drafted: data, isPending, clear, ...placeError(error) };
}

/** What is wrong with the sentence belongs to its field, everything else above it. */
function placeError(error: Error | null): { readonly fieldError?: string; readonly failure?: string } {
  if (error === null) return {};
  const own = error instanceof ApiError ? error.problems.find(({ path }) => path === "/sentence") : undefined;
  return own ? { fieldError: writeSentence(own) } : { failure: describeError(error) };
}
