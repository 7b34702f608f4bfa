import type { Dialect } from "#/agents/vocabulary/mcp.ts";

/** The revision of the protocol in which every request stands for itself. */
export const MODERN = "2026-07-28";

/** The newest revision with a handshake, and those that are close enough to it. */
export const NEWEST_OLD = "2025-11-25";
export const OLD_REVISIONS: readonly string[] = [NEWEST_OLD, "2025-06-18", "2025-03-26"];

export const isModern = ({ version }: Dialect): boolean => version === MODERN;

/** A server, and what authorizes us there. */
export interface ServerAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}
