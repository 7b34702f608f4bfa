import type { BlobRow } from "#/agents/langgraph/checkpoint/store.ts";

/** A shorter value is stored whole: the row itself takes as much. */
const WORTH_IT = 256;

/**
 * The row of a channel's new value. A value that begins as the one before did, as a list that was appended to does, is stored as what was added:
 * a conversation of n messages takes n messages and not n²/2. The tail takes the place of the last character before, which closes the list
 * (`[1,2]` and `,3]` are `[1,2,3]`), and `base` is the version that was last stored whole. `app.blob_text` puts them together.
 */
export function asStored(row: BlobRow, before: BlobRow | undefined): BlobRow {
  if (!before || before.type !== "json" || row.type !== "json" || before.value === null || row.value === null)
    return row;
  const kept = before.value.length - 1;
  if (kept < WORTH_IT || !row.value.startsWith(before.value.slice(0, kept))) return row;
  return { ...row, value: row.value.slice(kept), base: before.base ?? before.version };
}
