import { changeText, type ChangedText } from "#/agents/definition/edit/change-text.ts";
import { decideChanges } from "#/agents/definition/edit/decide.ts";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import { readSource, type Source } from "#/agents/definition/edit/source.ts";
import { type Splice, spliceBetween } from "#/agents/definition/edit/splice.ts";

export type Edited =
  | {
      readonly ok: true;
      readonly text: string;
      readonly document: unknown;
      /** Turns the new text back into the old one, byte by byte. */
      readonly undo: Splice;
    }
  | {
      readonly ok: false;
      /** The operation that cannot be done, by its place; undefined when the text itself cannot be read. */
      readonly at: number | undefined;
      readonly reason: string;
    };

/** More at once would take long: each reads the text anew. */
const MOST_OPERATIONS = 100;

/**
 * Does operations in the text of a definition, YAML or JSON; all of them or none. Comments, the order of keys, quotes and every line that they do not
 * concern stay as they are. The text has to be readable, not valid: an unfinished draft can be edited.
 */
export function editDefinition(text: string, operations: readonly Operation[]): Edited {
  if (operations.length > MOST_OPERATIONS)
    return { ok: false, at: MOST_OPERATIONS, reason: `At most ${MOST_OPERATIONS} operations at once.` };
  const read = readSource(text);
  if (!read.ok) return { ok: false, at: undefined, reason: read.reason };
  let now: Written = read.source;
  for (const [at, operation] of operations.entries()) {
    const done = editOnce(now, operation);
    if (!done.ok) return { ...done, at };
    now = done;
  }
  return { ok: true, text: now.text, document: now.document, undo: spliceBetween(text, now.text) };
}

/** A text and what it says; what has just been changed has not been read for its places yet. */
type Written = Pick<Source, "text" | "document"> | Source;

function editOnce(written: Written, operation: Operation): ChangedText {
  const changes = decideChanges(written.document, operation);
  if ("reason" in changes) return { ok: false, reason: changes.reason };
  if (changes.length === 0) return { ok: true, text: written.text, document: written.document };
  const read = "root" in written ? { ok: true as const, source: written } : readSource(written.text);
  return read.ok ? changeText(read.source, changes) : read;
}
