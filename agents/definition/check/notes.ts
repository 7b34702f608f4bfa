import type { Definition } from "#/agents/definition/format/definition.ts";
import { SIZES, tooLarge } from "#/agents/definition/format/sizes.ts";
import { pointer, type Problem } from "#/agents/definition/problem.ts";

/** Finds the notes that are too long, or that there are too many. */
export function noteProblems({ ui }: Definition): readonly Problem[] {
  const notes = Object.entries(ui?.notes ?? {});
  const many = notes.length > SIZES.notes.most;
  return [
    ...(many ? [{ path: pointer("ui", "notes"), message: tooLarge("notes", notes.length) }] : []),
    ...notes.flatMap(([id, { text }]) =>
      text.length > SIZES.note.most
        ? [{ path: pointer("ui", "notes", id, "text"), message: tooLarge("note", text.length) }]
        : [],
    ),
  ];
}
