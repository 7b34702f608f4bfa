import type * as v from "valibot";
import type { ContractFiles } from "#/operations/contracts.ts";
import type { Contract, DeepReadonly } from "#/lib/http/contract.ts";

/** The contracts among the exports of one file. */
type ContractsIn<Exports> = Extract<
  { [Name in keyof Exports]: Name extends `${string}Contract` ? Exports[Name] : never }[keyof Exports],
  Contract
>;
type AnyContract = { [Noun in keyof ContractFiles]: ContractsIn<ContractFiles[Noun]> }[keyof ContractFiles];

/** Every route's contract by its method and path: `Routes["GET /api/v1/runs/{id}"]`. */
type Routes = { [C in AnyContract as `${C["method"]} ${C["path"]}`]: C };
export type Route = keyof Routes;

type SuccessStatus<C extends Contract> = {
  [Status in keyof C["responses"] & number]: `${Status}` extends `2${string}` ? Status : never;
}[keyof C["responses"] & number];

type BodyOf<Shape, Status> = Shape extends { readonly body: infer Schema extends v.GenericSchema }
  ? v.InferOutput<Schema>
  : Status extends 204
    ? undefined
    : never;

type AnswerTo<C extends Contract> = {
  [Status in SuccessStatus<C>]: BodyOf<C["responses"][Status], Status>;
}[SuccessStatus<C>];

/** The JSON that a route answers when it succeeds; undefined where it answers with no body, never where it answers something else than JSON. */
export type Answer<R extends Route> = R extends Route ? AnswerTo<Routes[R]> : never;

/** The routes that a client can call: those that answer JSON, or nothing, to a person or an API key. */
export type Call = {
  [R in Route]: Routes[R]["access"] extends "webhook-signature" | "metrics-token"
    ? never
    : [Answer<R>] extends [never]
      ? never
      : R;
}[Route];

/** Values of a path or a query: text or the number that it stands for. What may be left out may also be null, which leaves it out. */
type Written<Given, Parsed> = {
  readonly [Key in keyof Given]:
    | Given[Key]
    | Extract<Parsed[Key & keyof Parsed], number>
    | (undefined extends Given[Key] ? null : never);
};
type WrittenAs<Schema extends v.GenericSchema> = Written<v.InferInput<Schema>, v.InferOutput<Schema>>;

/** The property, which may be left out where nothing in it is required. */
type Part<Name extends string, Value> = object extends Value
  ? { readonly [Key in Name]?: Value | undefined }
  : undefined extends Value
    ? { readonly [Key in Name]?: Value }
    : { readonly [Key in Name]: Value };

type PathPart<C> = C extends { readonly params: infer Schema extends v.GenericSchema }
  ? Part<"path", WrittenAs<Schema>>
  : { readonly path?: never };
type QueryPart<C> = C extends { readonly query: infer Schema extends v.GenericSchema }
  ? Part<"query", WrittenAs<Schema>>
  : { readonly query?: never };
type BodyPart<C> = C extends { readonly body: infer Schema extends v.GenericSchema }
  ? Part<"body", DeepReadonly<v.InferInput<Schema>>>
  : { readonly body?: never };
type KeyPart<C> = C extends { readonly idempotent: true }
  ? { readonly idempotencyKey?: string }
  : { readonly idempotencyKey?: never };

/** Path and query of a route, as its contract takes them. */
export type Address<R extends Route> = R extends Route ? PathPart<Routes[R]> & QueryPart<Routes[R]> : never;

/** Everything that a call takes. The same request under the same `idempotencyKey` is done once. */
export type Input<R extends Route> = R extends Route
  ? Address<R> & BodyPart<Routes[R]> & KeyPart<Routes[R]> & { readonly signal?: AbortSignal }
  : never;

/** The argument behind a route's name, which may be left out where nothing in it is required. */
export type Argument<Value> = object extends Value ? [value?: Value] : [value: Value];

/** The calls that only read. */
export type Read = Extract<Call, `GET ${string}`>;

/** The reads that answer a page of a list, and the next one for its cursor. */
export type PagedRead = {
  [R in Read]: Answer<R> extends { readonly nextCursor: string | null } ? R : never;
}[Read];
