import * as v from "valibot";
import { mediaTypeOf, readJson } from "#/lib/http/body.ts";
import type { Contract, Parts } from "#/lib/http/contract.ts";
import { type Outcome, problemsOf, refuse } from "#/lib/http/problem.ts";

export interface ParsedRequest<C extends Contract> extends Parts<C> {
  readonly idempotencyKey: string | undefined;
}

type RouteParams = Promise<Readonly<Record<string, string | string[] | undefined>>>;

/** Checks a request against its contract. Everything that has to be mended is told at once. */
export async function parseRequest<C extends Contract>(contract: C, request: Request, routeParams: RouteParams): Promise<Outcome<ParsedRequest<C>>> {
  const params = v.safeParse(contract.params ?? v.unknown(), await routeParams);
  // An id that cannot be one names nothing.
  if (!params.success) return { ok: false, refusal: refuse("not-found", "There is nothing at this address.") };
  const key = idempotencyKeyOf(request);
  if (!key.ok) return key;
  const query = v.safeParse(contract.query ?? v.unknown(), Object.fromEntries(new URL(request.url).searchParams));
  const body = await parseBody(contract, request);
  if (!body.ok) return body;
  const errors = [...problemsOf(query.issues ?? [], "/query"), ...body.value.errors];
  if (errors.length > 0) {
    return { ok: false, refusal: refuse("invalid-request", "Mend what is listed under “errors” and send it again.", { errors }) };
  }
  // Each part was parsed by the schema that its type is inferred from.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const parts = { params: params.output, query: query.output, body: body.value.output } as Parts<C>;
  return { ok: true, value: { ...parts, idempotencyKey: key.value } };
}

interface ParsedBody {
  readonly output: unknown;
  readonly errors: ReturnType<typeof problemsOf>;
}

async function parseBody(contract: Contract, request: Request): Promise<Outcome<ParsedBody>> {
  const isUpload = contract.upload !== undefined && mediaTypeOf(request) === "multipart/form-data";
  if (contract.body === undefined || isUpload) return { ok: true, value: { output: undefined, errors: [] } };
  const read = await readJson(request);
  if (!read.ok) return read;
  const parsed = v.safeParse(contract.body, read.value);
  return { ok: true, value: { output: parsed.output, errors: problemsOf(parsed.issues ?? []) } };
}

const LONGEST_IDEMPOTENCY_KEY = 255;

function idempotencyKeyOf(request: Request): Outcome<string | undefined> {
  const key = request.headers.get("idempotency-key") ?? undefined;
  if (key === undefined || (key !== "" && key.length <= LONGEST_IDEMPOTENCY_KEY)) return { ok: true, value: key };
  const detail = `The Idempotency-Key must have 1 to ${LONGEST_IDEMPOTENCY_KEY} characters; a UUID is a good one.`;
  return { ok: false, refusal: refuse("invalid-request", detail) };
}
