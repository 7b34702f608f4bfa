import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { reportError } from "#/lib/observe/report.ts";

/** The embedding model or the vector store did not answer. The cause says what it said instead. */
class ServiceAway extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "ServiceAway";
  }
}

/** Asks a service that may be away. @throws ServiceAway */
export async function askService<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw new ServiceAway(error);
  }
}

/** Refuses with `unavailable` when a service is away: nothing has changed then, and the same may go through later. */
export async function orUnavailable<T>(work: Promise<T>): Promise<T | Refusal> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ServiceAway)) throw error;
    await reportError(error, {}, "the embedding model or the vector store did not answer");
    return refuse("unavailable", AWAY, { headers: { "Retry-After": "5" } });
  }
}

const AWAY =
  "The embedding model or the vector store does not answer. Nothing was changed: try again in a moment.";
