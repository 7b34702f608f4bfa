import type { GuardedFetch, OutboundRequest } from "#/lib/outbound.ts";

interface JsonAnswer {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly json: unknown;
  readonly reason: string;
}

/** Fetches JSON. What goes wrong is an answer too. */
export async function fetchJson(fetch: GuardedFetch, request: OutboundRequest): Promise<JsonAnswer> {
  try {
    const { status, body } = await fetch({ ...request, staysAtOrigin: true });
    return { status, json: typeof body === "string" ? parse(body) : undefined, reason: `HTTP ${status}` };
  } catch (error) {
    return { status: 0, json: undefined, reason: error instanceof Error ? error.message : String(error) };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
