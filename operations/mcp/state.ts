import { hkdfSync } from "node:crypto";
import { createRequestStateCodec, type RequestStateCodec } from "@modelcontextprotocol/server";
import { principalId } from "#/lib/auth/principal.ts";
import { env } from "#/lib/env.ts";
import type { Caller } from "#/operations/caller.ts";

/** The state that a client brings back with its answers. It says which call they belong to; whether a question is still open, the database says. */
export interface CallState {
  readonly tool: string;
  /** Of the call's arguments. */
  readonly argumentsHash: string;
  readonly runId: string;
  /** The approvals that were asked. */
  readonly asked: readonly string[];
}

/** A person may think about it until tomorrow; after that, the inbox still takes the answer. */
const VALID_S = 86_400;

/** Seals the state of a call for one caller of one workspace: another one cannot use it. */
export function stateCodec({ principal }: Caller): RequestStateCodec<CallState> {
  return createRequestStateCodec<CallState>({
    key: new Uint8Array(hkdfSync("sha256", env().secretsKey, "", "cairn mcp request state", 32)),
    ttlSeconds: VALID_S,
    bind: () => `${principal.workspaceId} ${principalId(principal)}`,
  });
}
