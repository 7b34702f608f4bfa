/** A request that the service refuses, with the HTTP status Pinecone would answer. */
export class Refusal extends Error {
  readonly status: 400 | 403 | 404 | 409 | 422;

  constructor(message: string, status: Refusal["status"] = 400) {
    super(message);
    this.status = status;
  }
}

/** @throws Refusal with status 400 unless `condition` holds. */
export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Refusal(message);
}
