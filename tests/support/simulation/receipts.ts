import * as v from "valibot";

const Turn = v.looseObject({ text: v.string(), calls: v.array(v.unknown()) });

/** What an answer of the model is known by, in a journaled result; undefined for other results. */
export function answerIn(result: unknown): string | undefined {
  const turn = v.safeParse(Turn, result);
  return turn.success ? turn.output.text : undefined;
}

/** Which answers of the model are on record since when, and which were paid for although whoever asked could know them. */
export class Receipts {
  #moment = 0;
  readonly #kept = new Map<string, { readonly moment: number; readonly by: string }>();
  /** Answers that were asked for again. */
  readonly twice: string[] = [];

  /** The time in this world: it counts what happens. */
  now(): number {
    this.#moment += 1;
    return this.#moment;
  }

  /** An answer is in the journal. */
  keep(result: unknown, by: string): void {
    const answer = answerIn(result);
    if (answer !== undefined && !this.#kept.has(answer)) this.#kept.set(answer, { moment: this.now(), by });
  }

  /** The model is asked. Whoever claimed the run after the answer was kept, or kept it, has it; a zombie cannot. */
  ask(answer: string, { name, claimedAt }: { readonly name: string; readonly claimedAt: number }): void {
    const kept = this.#kept.get(answer);
    if (kept && (kept.by === name || kept.moment < claimedAt))
      this.twice.push(`${answer}: kept by ${kept.by}, asked for again by ${name}`);
  }
}
