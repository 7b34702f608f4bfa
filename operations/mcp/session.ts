import {
  CLIENT_CAPABILITIES_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import * as v from "valibot";
import { isJsonObject } from "#/lib/json-object.ts";
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

const LONGEST_KEY = 255;

/**
 * The session of one call: the key that keeps it from being done twice is that of the request's header, else the one beside its arguments. @throws an error
 * of the protocol for one that is too long to be kept
 */
export function withCallKey(session: Session, { mcpReq }: ServerContext): Session {
  const { _meta: meta } = mcpReq;
  const beside = isJsonObject(meta) ? meta["cairn/idempotencyKey"] : undefined;
  const idempotencyKey = session.idempotencyKey ?? (typeof beside === "string" ? beside : undefined);
  if (idempotencyKey === undefined || (idempotencyKey !== "" && idempotencyKey.length <= LONGEST_KEY))
    return { ...session, idempotencyKey };
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `An idempotency key has 1 to ${LONGEST_KEY} characters.`,
  );
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
