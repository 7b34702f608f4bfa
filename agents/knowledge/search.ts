import * as v from "valibot";
import type { Passage } from "#/agents/tools/tool.ts";

interface FoundVector {
  readonly id: string;
  readonly score: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface SearchPorts {
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>;
  readonly query: (query: { readonly values: readonly number[]; readonly topK: number; readonly filter?: Readonly<Record<string, unknown>> }) => Promise<readonly FoundVector[]>;
}

export interface SearchRequest {
  readonly query: string;
  readonly topK: number;
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
}

const FILTERS = ["document", "documentId", "source", "contentType"];

const Metadata = v.object({ document: v.string(), documentId: v.string(), position: v.number(), text: v.string(), source: v.optional(v.string()) });

/** A filter names something that passages do not have. The message says what they have. */
export class UnknownFilter extends Error {
  constructor(name: string) {
    super(`Passages cannot be filtered by “${name}”. Use ${FILTERS.join(", ")}.`);
    this.name = "UnknownFilter";
  }
}

/** Passages that are near the question, best first. @throws UnknownFilter, or when a service does not answer */
export async function searchPassages(ports: SearchPorts, request: SearchRequest, signal: AbortSignal): Promise<readonly Passage[]> {
  const unknown = Object.keys(request.filter ?? {}).find((name) => !FILTERS.includes(name));
  if (unknown !== undefined) throw new UnknownFilter(unknown);
  const [values = []] = await ports.embed([request.query], signal);
  const found = await ports.query({ values, topK: request.topK, ...(request.filter && { filter: request.filter }) });
  return found.flatMap(({ id, score, metadata }) => {
    const known = v.safeParse(Metadata, metadata);
    if (!known.success) return [];
    const { source, ...rest } = known.output;
    return [{ id, score, ...rest, ...(source !== undefined && { source }) }];
  });
}
