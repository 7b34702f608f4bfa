import type { Client } from "pg";
import type { VectorStore } from "#/local/archive/vectors.ts";
import type { KvPlace } from "#/local/move/forget-kept.ts";
import type { Sealing } from "#/local/move/seal.ts";

/** A deployment, as a move reaches it. */
export interface Place {
  /** Connected as the owner; nothing else uses it. */
  readonly database: Client;
  readonly vectors: VectorStore;
  readonly kv: KvPlace;
  readonly sealing: Sealing;
  /** Where people and programs reach it. */
  readonly url: string;
  readonly region: string | undefined;
  /** The embedding model and its dimensions. */
  readonly embedding: string;
  /** By what sessions are checked: the same where people sign in with the same instance of the identity provider, and nowhere else. */
  readonly signIn: string;
}
