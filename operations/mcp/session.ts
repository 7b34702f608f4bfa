import { CLIENT_CAPABILITIES_META_KEY, type ServerContext } from "@modelcontextprotocol/server";
import * as v from "valibot";
import type { Caller } from "#/operations/caller.ts";

/** The extension by which a call is answered with a task, and its result asked for later. */
export const TASKS = "io.modelcontextprotocol/tasks";

/** One message and who sent it. */
export interface Session {
  readonly caller: Caller;
  /** `legacy`: a client of 2025, which can neither be asked nor given a task. */
  readonly era: "modern" | "legacy";
  /** Of the request's header. */
  readonly idempotencyKey: string | undefined;
}

const Capabilities = v.looseObject({
  elicitation: v.optional(v.unknown()),
  extensions: v.optional(v.record(v.string(), v.unknown())),
});

/** Reads the abilities of the client; each request of the modern era names them itself. */
export function readAbilities({ mcpReq }: ServerContext): {
  readonly takesTasks: boolean;
  readonly answersQuestions: boolean;
} {
  const envelope: Readonly<Record<string, unknown>> = { ...mcpReq.envelope };
  const { output, success } = v.safeParse(Capabilities, envelope[CLIENT_CAPABILITIES_META_KEY]);
  return {
    takesTasks: success && output.extensions?.[TASKS] !== undefined,
    answersQuestions: success && output.elicitation !== undefined,
  };
}
