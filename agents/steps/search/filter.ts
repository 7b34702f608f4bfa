import { nearest, pointer, type Problem } from "#/agents/definition/problem.ts";

/** The fields that passages can be filtered by. */
export const FILTER_FIELDS = ["document", "documentId", "source", "contentType"] as const;

/** A filter that passages do not have finds nothing, so that it looks as if there were nothing to find. */
export function filterProblems(filter: Readonly<Record<string, unknown>>, path: string): Problem[] {
  return Object.entries(filter).flatMap(([field, value]) => {
    const place = `${path}${pointer(field)}`;
    if (!FILTER_FIELDS.some((known) => known === field)) {
      const suggestion = nearest(field, FILTER_FIELDS);
      return [
        {
          path: place,
          message: `Passages cannot be filtered by “${field}”. Known: ${FILTER_FIELDS.join(", ")}.`,
          ...(suggestion !== undefined && { suggestion }),
        },
      ];
    }
    return isTextOrTexts(value)
      ? []
      : [{ path: place, message: "must be a text, or a list of texts of which one is to be equal" }];
  });
}

const isTextOrTexts = (value: unknown) =>
  typeof value === "string" ||
  (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string"));
