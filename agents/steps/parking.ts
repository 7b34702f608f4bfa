import type { Wait } from "#/agents/engine/run.ts";

/** A wait that a task asks for. Its answer comes to the same task later; until then it is parked, and what is beside it continues. */
export type WaitRequest = Omit<Wait, "id">;

/** Thrown by `Task.wait` while there is no answer. Whoever runs the step parks it; a step must let it pass. */
export class Parking extends Error {
  readonly request: WaitRequest;
  /** Set where its end is no answer: the task begins anew, and asks what it has asked. The log says why. */
  readonly why: Readonly<Record<string, unknown>> | undefined;

  constructor(request: WaitRequest, why?: Readonly<Record<string, unknown>>) {
    super("This task waits for an answer.");
    this.name = "Parking";
    this.request = request;
    this.why = why;
  }
}

export const isParking = (error: unknown): error is Parking => error instanceof Parking;
