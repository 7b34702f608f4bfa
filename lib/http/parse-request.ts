import * as v from "valibot";
import { readMediaType, readJson } from "#/lib/http/body.ts";
import type { Contract, Parts } from "#/lib/http/contract.ts";
import { findUnusable } from "#/lib/http/json-bounds.ts";
import { type Outcome, listProblems, refuse } from "#/lib/http/problem.ts";
import { readUpload } from "#/lib/http/upload.ts";
import type { Problem } from "#/lib/http/wire.ts";

export interface ParsedRequest<C extends Contract> extends Parts<C> {
  readonly idempotencyKey: string | undefined;
}

/** Finds the word that somebody meant. */
export type Nearest = (name: string, known: readonly string[]) => string | undefined;

type RouteParams = Promise<Readonly<Record<string, string | string[] | undefined>>>;

interface Asked<C extends Contract> {
  readonly contract: C;
  readonly request: Request;
  readonly routeParams: RouteParams;
}

/** Checks a request against its contract. All of its problems are told at once. */
export async function parseRequest<C extends Contract>(
  { contract, request, routeParams }: Asked<C>,
  nearest: Nearest,
): Promise<Outcome<ParsedRequest<C>>> {
  const params = v.safeParse(contract.params ?? v.unknown(), await routeParams);
  // An id that cannot be one names nothing.
  if (!params.success)
    return { ok: false, refusal: refuse("not-found", "There is nothing at this address.") };
  const key = readIdempotencyKey(request.headers.get("idempotency-key"));
  if (!key.ok) return key;
  const { searchParams } = new URL(request.url);
  const query = v.safeParse(contract.query ?? v.object({}), Object.fromEntries(searchParams));
  const body = await parseBody(contract, request);
  if (!body.ok) return body;
  const errors = [
    ...queryProblems(contract, searchParams, nearest),
    ...listProblems(query.issues ?? [], "/query"),
    ...(query.success ? unusableIn(query.output) : []),
    ...body.value.errors,
  ];
  if (errors.length > 0) {
    return {
      ok: false,
      refusal: refuse("invalid-request", "Fix what is listed under “errors” and try again.", { errors }),
    };
  }
  const upload = await parseUpload(contract, request);
  if (!upload.ok) return upload;
  // Each part was parsed by the schema that its type is inferred from.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const parts = {
    params: params.output,
    query: query.output,
    body: body.value.output,
    upload: upload.value,
  } as Parts<C>;
  return { ok: true, value: { ...parts, idempotencyKey: key.value } };
}

/** A parameter that nobody reads would look as if it had been obeyed, and one that is given twice is obeyed by half. */
function queryProblems({ query }: Contract, given: URLSearchParams, nearest: Nearest): Problem[] {
  const known = Object.keys(query?.entries ?? {});
  return [...new Set(given.keys())].flatMap((name) => {
    const path = `/query/${name}`;
    if (!known.includes(name)) return [unknownParameter({ path, name, known }, nearest)];
    return given.getAll(name).length > 1 ? [{ path, message: "is given more than once" }] : [];
  });
}

/** As in bodies: a text that no database takes would be a failure of ours. */
function unusableIn(query: unknown): readonly Problem[] {
  const found = findUnusable(query);
  return found ? [{ ...found, path: `/query${found.path}` }] : [];
}

const LONGEST_GUESSED_NAME = 60;

function unknownParameter(
  { path, name, known }: { readonly path: string; readonly name: string; readonly known: readonly string[] },
  nearest: Nearest,
): Problem {
  const suggestion =
    name.length > LONGEST_GUESSED_NAME
      ? undefined
      : (known.find((it) => name.startsWith(it)) ?? nearest(name, known));
  const list = known.length > 0 ? `Known: ${known.join(", ")}.` : "There are none here.";
  return {
    path,
    message: `This parameter is not known. ${list}`,
    ...(suggestion !== undefined && { suggestion }),
  };
}

interface ParsedBody {
  readonly output: unknown;
  readonly errors: ReturnType<typeof listProblems>;
}

function isUpload({ upload }: Contract, request: Request): boolean {
  return upload !== undefined && readMediaType(request) === "multipart/form-data";
}

async function parseUpload(contract: Contract, request: Request): Promise<Outcome<unknown>> {
  if (!contract.upload || !isUpload(contract, request)) return { ok: true, value: undefined };
  return readUpload(request, contract.upload);
}

async function parseBody(contract: Contract, request: Request): Promise<Outcome<ParsedBody>> {
  if (contract.body === undefined || isUpload(contract, request))
    return { ok: true, value: { output: undefined, errors: [] } };
  const read = await readJson(request);
  if (!read.ok) return read;
  const parsed = v.safeParse(contract.body, read.value);
  return { ok: true, value: { output: parsed.output, errors: listProblems(parsed.issues ?? []) } };
}

const LONGEST_IDEMPOTENCY_KEY = 255;

/** Checks a key that a caller has chosen; null is none. */
export function readIdempotencyKey(given: string | null): Outcome<string | undefined> {
  const key = given ?? undefined;
  if (key === undefined || (key !== "" && key.length <= LONGEST_IDEMPOTENCY_KEY))
    return { ok: true, value: key };
  const detail = `The Idempotency-Key must have 1 to ${LONGEST_IDEMPOTENCY_KEY} characters; a UUID is a good one.`;
  return { ok: false, refusal: refuse("invalid-request", detail) };
}
