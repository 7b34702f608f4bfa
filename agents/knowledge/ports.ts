/** A document as ingestion needs it. */
interface SourceDocument {
  readonly name: string;
  readonly mediaType: string;
  readonly source: string | null;
  readonly content: Uint8Array;
}

interface NewPassage {
  readonly id: string;
  readonly position: number;
  readonly text: string;
  readonly hash: string;
}

interface UnembeddedPassage {
  readonly id: string;
  readonly position: number;
  readonly text: string;
}

interface PassageVector {
  readonly id: string;
  readonly values: readonly number[];
  readonly metadata: Readonly<Record<string, string | number>>;
}

type DocumentStatus = "reading" | "embedding" | "ready" | "failed";

/** What ingestion may use of the outside world. Every write may be repeated. */
export interface IngestPorts {
  readonly document: (id: string) => Promise<SourceDocument | undefined>;
  readonly savePassages: (document: { readonly id: string; readonly mediaType: string; readonly source: string | null }, passages: readonly NewPassage[]) => Promise<void>;
  readonly nextUnembedded: (id: string, count: number) => Promise<readonly UnembeddedPassage[]>;
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>;
  readonly storeVectors: (vectors: readonly PassageVector[]) => Promise<void>;
  readonly markEmbedded: (id: string, passageIds: readonly string[]) => Promise<void>;
  readonly setStatus: (id: string, status: DocumentStatus, error?: string) => Promise<void>;
}
