import type { CallOutcome, CodeCall, CodeCalls } from "#/agents/sandbox/code-calls.ts";

/** Calls under way at a time. */
const MOST_AT_A_TIME = 8;
/** All answers together, as JSON. They are kept while the code waits for a person, and fit into its memory. */
const MOST_ANSWER_BYTES = 4 * 1024 * 1024;

/** A call as the sandbox has made it. */
export interface IssuedCall {
  readonly name: string;
  /** Its input, as JSON. */
  readonly text: string;
}

/** The answer to a call, as the sandbox is given it. */
export interface SettledCall {
  readonly index: number;
  readonly isAnswer: boolean;
  /** JSON. */
  readonly text: string;
}

interface QueuedCall {
  readonly call: CodeCall;
  begun: Promise<Ended> | undefined;
}

type Ended = { readonly outcome: CallOutcome } | { readonly thrown: unknown };

/**
 * The calls of one piece of code. Several are under way at a time, and their answers are handed over in the order in which the code has asked: so it does
 * the same whenever it is run again, however fast each answer was.
 */
export class CallQueue {
  readonly #perform: CodeCalls["call"];
  readonly #queued: QueuedCall[] = [];
  #issued = 0;
  #atWork = 0;
  #isStopped = false;
  #answerBytes = 0;

  constructor(perform: CodeCalls["call"]) {
    this.#perform = perform;
  }

  add(calls: readonly IssuedCall[]): void {
    for (const { name, text } of calls) {
      const input: unknown = JSON.parse(text);
      this.#queued.push({ call: { index: this.#issued, name, input }, begun: undefined });
      this.#issued += 1;
    }
    this.#begin();
  }

  /** Waits for the answer of the oldest call. @throws what the call throws, once nothing is under way any more */
  async next(): Promise<SettledCall> {
    const oldest = this.#queued.shift();
    if (!oldest?.begun) throw new Error("There is no call to wait for.");
    const ended = await oldest.begun;
    if ("outcome" in ended) return this.#hand(oldest.call.index, ended.outcome);
    await this.finish();
    throw ended.thrown;
  }

  /** Lets what is under way come to its end, and begins nothing more. */
  async finish(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#queued.flatMap(({ begun }) => begun ?? []));
  }

  get isEmpty(): boolean {
    return this.#queued.length === 0;
  }

  #begin(): void {
    for (const queued of this.#queued) {
      if (this.#isStopped || this.#atWork >= MOST_AT_A_TIME) return;
      queued.begun ??= this.#make(queued.call);
    }
  }

  async #make(call: CodeCall): Promise<Ended> {
    this.#atWork += 1;
    try {
      return { outcome: await this.#perform(call) };
    } catch (thrown) {
      this.#isStopped = true;
      return { thrown };
    } finally {
      this.#atWork -= 1;
      this.#begin();
    }
  }

  #hand(index: number, outcome: CallOutcome): SettledCall {
    if (!outcome.ok) return { index, isAnswer: false, text: JSON.stringify(outcome.error) };
    const text = JSON.stringify(outcome.value ?? null);
    this.#answerBytes += Buffer.byteLength(text);
    return this.#answerBytes <= MOST_ANSWER_BYTES
      ? { index, isAnswer: true, text }
      : { index, isAnswer: false, text: JSON.stringify(TOO_LARGE) };
  }
}

const TOO_LARGE = {
  code: "code-answers",
  message: `The answers together have more than ${MOST_ANSWER_BYTES / 1024 / 1024} MB. Ask for less at a time.`,
};
