import type { JsonObject } from "#/lib/json-object.ts";

/** The end of one request to an MCP server. Every request has exactly one outcome; nothing is repeated by itself. */
export type Outcome =
  | { readonly kind: "result"; readonly result: JsonObject }
  /** The server asks something first. The whole request is sent again with the answers and its `requestState`. */
  | {
      readonly kind: "input_required";
      readonly inputRequests: Readonly<Record<string, InputRequest>>;
      readonly requestState: string | undefined;
    }
  /** The server works on it, and is asked later. */
  | { readonly kind: "task"; readonly task: JsonObject }
  /** The server has looked at it and says no. */
  | Failed
  | { readonly kind: "unauthorized"; readonly status: 401 | 403; readonly challenge: string }
  | Unsent
  /** It may have been done: nobody here can tell. */
  | { readonly kind: "unknown"; readonly reason: string };

interface Failed {
  readonly kind: "error";
  /** Of JSON-RPC, below zero, or the status of HTTP. */
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Nothing of it has left this machine, or the server was too busy to look at it. */
interface Unsent {
  readonly kind: "unsent";
  readonly reason: string;
  /** True if the request may go through the next time; a refusal by a rule of ours will not pass. */
  readonly mayPass: boolean;
  readonly retryAfterMs?: number | undefined;
}

/** One question of a server. */
export interface InputRequest {
  readonly method: string;
  readonly params: JsonObject;
}
