/**
 * The position of a follower of a run: the last line of the log it has seen, the last whole entry of the live output, and how many chunks of the
 * entry after that. It is the id of every event, so a new connection continues exactly there. Of the runs below the run it says the mark up to which the
 * follower has been told everything (`ChildrenFollower.place`).
 */
export interface StreamPosition {
  readonly seq: number;
  readonly entryId: string;
  readonly chunks: number;
  readonly below?: string | undefined;
}

export const THE_BEGINNING: StreamPosition = { seq: 0, entryId: "0", chunks: 0 };

const SHAPE = /^(\d{1,15})~(\d{1,16}(?:-\d{1,10})?)(?:\+(\d{1,6}))?(?:~(\d{1,18}(?:\.\d{1,18})?))?$/;

export function formatPosition({ seq, entryId, chunks, below }: StreamPosition): string {
  return `${seq}~${entryId}${chunks > 0 ? `+${chunks}` : ""}${below === undefined ? "" : `~${below}`}`;
}

/** @returns the beginning for whatever is not a place */
export function parsePosition(text: string | null | undefined): StreamPosition {
  const [, seq, entryId, chunks, below] = SHAPE.exec(text ?? "") ?? [];
  return seq === undefined || entryId === undefined
    ? THE_BEGINNING
    : { seq: Number(seq), entryId, chunks: Number(chunks ?? 0), ...(below !== undefined && { below }) };
}
