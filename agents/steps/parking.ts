import type { Wait } from "#/agents/engine/run.ts";

/** What a task asks for. Its answer comes to the same task later; until then it is parked, and what is beside it goes on. */
export type Question = Omit<Wait, "id">;

/** Thrown by `Task.ask` while there is no answer. Whoever runs the step parks it; a step must let it pass. */
export class Parking extends Error {
  readonly question: Question;

  constructor(question: Question) {
    super("This task waits for an answer.");
    this.name = "Parking";
    this.question = question;
  }
}

export const isParking = (error: unknown): error is Parking => error instanceof Parking;
