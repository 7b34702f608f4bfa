import * as v from "valibot";
import { FILTER_FIELDS } from "#/agents/steps/search/filter.ts";
import type { Passage } from "#/agents/tools/tool.ts";

interface FoundVector {
  readonly id: string;
  readonly score: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface SearchPorts {
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>;
  readonly query: (query: {
    readonly values: readonly number[];
    readonly topK: number;
    readonly filter: Readonly<Record<string, unknown>>;
  }) => Promise<readonly FoundVector[]>;
}

export interface SearchRequest {
  readonly query: string;
  readonly topK: number;
  /** By field of a passage: a text, or a list of texts of which one must be equal. */
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
}

const FILTERS: ReadonlySet<string> = new Set(FILTER_FIELDS);

/**
 * Passages that share nothing with the question are no answer. With the offline embedding the right passages of the sample documents
 * score 0.23 to 0.49, and the best of unrelated ones 0.03 to 0.09; models of meaning give unrelated texts more, never less.
 */
const MIN_SCORE = 0.05;

const Metadata = v.object({
  document: v.string(),
  documentId: v.string(),
  position: v.number(),
  text: v.string(),
  source: v.optional(v.string()),
});

const FilterValue = v.union([v.string(), v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(1000))]);

/** What agents remember stands in the same namespace. */
const OF_DOCUMENTS = { documentId: { $exists: true } };

/** A filter that passages cannot be filtered by. The message says what they can be filtered by. */
export class InvalidFilter extends Error {
  override readonly name = "InvalidFilter";
}

/** Passages that are near the question, best first. @throws InvalidFilter, or when a service does not answer */
export async function searchPassages(
  ports: SearchPorts,
  request: SearchRequest,
  signal: AbortSignal,
): Promise<readonly Passage[]> {
  const filter = toVectorFilter(request.filter ?? {});
  const [values] = await ports.embed([request.query], signal);
  if (!values)
    throw new Error("The embedding model returned no vector for the question. Check EMBEDDING_MODEL.");
  const found = await ports.query({ values, topK: request.topK, filter });
  return found.flatMap((vector) => (vector.score < MIN_SCORE ? [] : toPassages(vector)));
}

/** Only equality and lists go to the vector store, whatever it could do: other operators are its language and not ours. */
function toVectorFilter(filter: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const conditions = Object.entries(filter).map(
    ([field, value]) => [field, buildCondition(field, value)] as const,
  );
  return { ...OF_DOCUMENTS, ...Object.fromEntries(conditions) };
}

function buildCondition(field: string, value: unknown): object {
  if (!FILTERS.has(field))
    throw new InvalidFilter(`Passages cannot be filtered by “${field}”. Use ${[...FILTERS].join(", ")}.`);
  const known = v.safeParse(FilterValue, value);
  if (!known.success) throw new InvalidFilter(`The filter “${field}” must be a text or a list of texts.`);
  return typeof known.output === "string" ? { $eq: known.output } : { $in: known.output };
}

/** None for a record that somebody else has put into the index. */
function toPassages({ id, score, metadata }: FoundVector): Passage[] {
  const known = v.safeParse(Metadata, metadata);
  if (!known.success) return [];
  const { source, ...rest } = known.output;
  return [{ id, score, ...rest, ...(source !== undefined && { source }) }];
}
