/** A piece of what a task writes, and where it stands in it. */
interface TextPiece {
  readonly taskId: string;
  readonly epoch: number;
  readonly offset: number;
  readonly text: string;
}

/** The length of a task's text that has been told; undefined when a part of it is missing, and so no more can be told. */
interface Told {
  readonly epoch: number;
  readonly length: number | undefined;
}

/** Lets each piece of each text through once and in order. After a hole it keeps silent until the text begins anew. */
export class TextOrder {
  readonly #told = new Map<string, Told>();
  /** Whoever reads has seen everything before. */
  #isUnbroken: boolean;

  constructor({ isUnbroken }: { readonly isUnbroken: boolean }) {
    this.#isUnbroken = isUnbroken;
  }

  /** Something may be missing from here on. */
  lose(): void {
    this.#isUnbroken = false;
  }

  /** The task has begun: its text is whole from here on. */
  begin({ taskId, epoch }: Pick<TextPiece, "taskId" | "epoch">): void {
    this.#told.set(taskId, { epoch, length: 0 });
  }

  /** @returns what of it is new */
  take<Piece extends TextPiece>(piece: Piece): Piece | undefined {
    const { taskId, epoch, offset, text } = piece;
    const told = this.#told.get(taskId);
    if (told && told.epoch > epoch) return undefined;
    const begins = told?.epoch === epoch ? told.length : this.#findBeginning(piece, told);
    if (begins === undefined || offset > begins) {
      this.#told.set(taskId, { epoch, length: undefined });
      return undefined;
    }
    const fresh = text.slice(begins - offset);
    if (fresh === "") return undefined;
    this.#told.set(taskId, { epoch, length: begins + fresh.length });
    return { ...piece, offset: begins, text: fresh };
  }

  /** The first piece of a text that comes by: its beginning, or the continuation of what was read before. */
  #findBeginning({ offset }: TextPiece, earlier: Told | undefined): number | undefined {
    return offset === 0 || (this.#isUnbroken && !earlier) ? offset : undefined;
  }
}
