/** A place in a list: the sort key of the last item seen, as a whole number, and its id. */
export interface Cursor {
  readonly key: string;
  readonly id: string;
}

/** Sixteen digits of microseconds reach the year 2286, and no sequence gets there: what is larger was not made here, and would overflow in the database. */
const SHAPE = /^(\d{1,16})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A cursor as callers see it: opaque, so that nobody builds one. */
export function encodeCursor({ key, id }: Cursor): string {
  return Buffer.from(`${key}_${id}`).toString("base64url");
}

/** @returns undefined for anything that `encodeCursor` did not make */
export function decodeCursor(text: string): Cursor | undefined {
  const [, key, id] = SHAPE.exec(Buffer.from(text, "base64url").toString("latin1")) ?? [];
  return key !== undefined && id !== undefined ? { key, id } : undefined;
}
