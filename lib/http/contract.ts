import type * as v from "valibot";
import type { Permission } from "#/lib/auth/permissions.ts";
import type { LimitName } from "#/lib/cloud/limits.ts";

/**
 * The callers that a route is for: people and keys with a permission, anybody who belongs to the workspace (`member`), or callers of another kind,
 * which have doors of their own.
 */
export type WorkspaceAccess = Permission | "member";
type Access = WorkspaceAccess | "public" | "metrics-token" | "webhook-signature";

interface ResponseShape {
  readonly description: string;
  readonly body?: v.GenericSchema;
}

/** The promise of one route. The door parses by it, the OpenAPI document and the web app's types are made from it. */
export interface Contract {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As in OpenAPI: /api/v1/workflows/{id} */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  /** The other permission that it takes, of what needs two: such as to run what one could also edit. */
  readonly alsoNeeds?: Permission;
  /**
   * The thing that `{id}` names, or `caller` where nothing but the caller's own is told. API keys for single workflows may call only what says it, and only for
   * what belongs to those workflows.
   */
  readonly about?: "caller" | "workflow" | "run" | "approval";
  /** The bucket that its calls are counted in, `api` unless it says otherwise. */
  readonly limit?: LimitName;
  readonly params?: v.GenericSchema;
  readonly query?: v.GenericSchema & { readonly entries: Readonly<Record<string, unknown>> };
  /** JSON. */
  readonly body?: v.GenericSchema;
  /** Instead of JSON the body may be multipart/form-data with these fields. */
  readonly upload?: v.GenericSchema;
  /** Written to the audit log when it has been done: past tense, noun first. */
  readonly audit?: string;
  /** The place that names who made a change, for one that leaves no line in the audit log: such as the run's own trigger. */
  readonly recordedIn?: string;
  /** Takes an Idempotency-Key header: the same request under the same key is done once, another one under it is refused. */
  readonly idempotent?: true;
  readonly responses: Readonly<Record<number, ResponseShape>>;
}

/** Keeps the exact types of a contract. */
export function defineContract<const C extends Contract>(contract: C): C {
  return contract;
}

export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

type Parsed<C, Part extends string> = C extends {
  readonly [Key in Part]: infer Schema extends v.GenericSchema;
}
  ? DeepReadonly<v.InferOutput<Schema>>
  : undefined;

/** The parsed request of a route. */
export interface Parts<C extends Contract> {
  readonly params: Parsed<C, "params">;
  readonly query: Parsed<C, "query">;
  /** Undefined when a form was uploaded instead. */
  readonly body: Parsed<C, "body"> | (C extends { readonly upload: v.GenericSchema } ? undefined : never);
  /** The fields of the form; undefined when there is none. */
  readonly upload: Uploaded<C> | undefined;
}

type Uploaded<C> = C extends { readonly upload: infer Schema extends v.GenericSchema }
  ? v.InferOutput<Schema>
  : undefined;

type BodyOf<Shape> = Shape extends { readonly body: infer Schema extends v.GenericSchema }
  ? { readonly body: DeepReadonly<v.InferOutput<Schema>> }
  : object;

type Fields<C, Part extends string> = C extends { readonly [Key in Part]: v.GenericSchema }
  ? Parsed<C, Part>
  : unknown;

/** Everything that an operation takes, whether it came in the path, the query or the body. */
export type Input<C extends Contract> = Fields<C, "params"> & Fields<C, "query"> & Fields<C, "body">;

/** An answer that the contract knows. */
export type Reply<C extends Contract> = {
  [Status in keyof C["responses"] & number]: { readonly status: Status } & BodyOf<C["responses"][Status]>;
}[keyof C["responses"] & number];
