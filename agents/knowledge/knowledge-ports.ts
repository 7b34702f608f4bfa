/** A document as ingestion needs it. Its content is asked for apart: it is read once, the rest for every batch. */
interface SourceDocument {
  readonly name: string;
  readonly mediaType: string;
  readonly source: string | null;
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

/** The words that people are told about a document: why it failed, and what a reader could not make of it. A note stays until the document is read again. */
interface Said {
  readonly error?: string;
  readonly note?: string | undefined;
}

/** The outside world as ingestion may use it. Every write may be repeated. */
export interface IngestPorts {
  readonly document: (id: string) => Promise<SourceDocument | undefined>;
  readonly content: (id: string) => Promise<Uint8Array | undefined>;
  /** Makes these the passages of the document. One that is there already with the same text stays as it is. */
  readonly savePassages: (
    document: { readonly id: string; readonly mediaType: string; readonly source: string | null },
    passages: readonly NewPassage[],
  ) => Promise<void>;
  readonly nextUnembedded: (id: string, count: number) => Promise<readonly UnembeddedPassage[]>;
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>;
  readonly storeVectors: (vectors: readonly PassageVector[]) => Promise<void>;
  readonly forgetVectors: (passageIds: readonly string[]) => Promise<void>;
  /** @returns those that are still there */
  readonly markEmbedded: (id: string, passageIds: readonly string[]) => Promise<readonly string[]>;
  readonly setStatus: (id: string, status: DocumentStatus, said?: Said) => Promise<void>;
}

/** The part of ingestion's world that is in the database. */
export type IngestStore = Omit<IngestPorts, "embed" | "storeVectors" | "forgetVectors">;

/** The outside world as removal may use it. */
export interface RemovalPorts {
  /** Undefined if there is no such document. */
  readonly findPassages: (
    id: string,
  ) => Promise<{ readonly ids: readonly string[]; readonly isBeingRead: boolean } | undefined>;
  readonly forgetVectors: (passageIds: readonly string[]) => Promise<void>;
  /** @returns the passages it had at that moment, or undefined if it was gone already */
  readonly deleteDocument: (id: string) => Promise<readonly string[] | undefined>;
}

/** A document of the workspace, as a model can be shown it. */
export interface ShownDocument {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Documents by the id or name that they were asked for by. */
export type FoundDocuments = ReadonlyMap<string, ShownDocument>;

/** The documents of the workspace, for steps that show them to models. */
export interface DocumentPort {
  /** The documents of these ids, or the newest of these names, those that there are: one question, however many are asked for. */
  readonly find: (idsOrNames: readonly string[]) => Promise<FoundDocuments>;
  readonly read: (id: string) => Promise<Uint8Array | undefined>;
}
