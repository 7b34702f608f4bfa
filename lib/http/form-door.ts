import * as v from "valibot";
import type { Person } from "#/lib/auth/principal.ts";
import type { Contract, Parts, Reply } from "#/lib/http/contract.ts";
import { fieldOf, type FormTexts, readFields, readTexts, writeAtField } from "#/lib/http/form-fields.ts";
import { FORM_KEY, FORM_WORKSPACE, type FormAction, type FormState, SECRET_FIELD } from "#/lib/form-state.ts";
import { explainUnexpected } from "#/lib/http/guard.ts";
import { findUnusable } from "#/lib/http/json-bounds.ts";
import { observeAnswer } from "#/lib/http/observe-answer.ts";
import { readIdempotencyKey } from "#/lib/http/parse-request.ts";
import { type ApiContract, authorize, perform, type PerformPorts } from "#/lib/http/perform.ts";
import {
  listProblems,
  type Outcome,
  type ProblemCode,
  type Refusal,
  refuse,
  statusOf,
} from "#/lib/http/problem.ts";
import type { Problem } from "#/lib/http/wire.ts";
import { isOwnOrigin } from "#/lib/http/same-origin.ts";

/** The product as the door for forms needs it. */
export interface FormPorts<Tenant> extends PerformPorts<Tenant> {
  /** The request that brought the form: its headers. */
  readonly currentRequest: () => Promise<Request>;
  readonly currentPerson: (request: Request) => Promise<Person | Refusal | undefined>;
  /** Has the page that shows the form made anew. */
  readonly refresh: () => void;
}

interface Call<C extends Contract, Tenant> extends Pick<Parts<C>, "params" | "body"> {
  readonly caller: { readonly tenant: Tenant; readonly principal: Person };
  /** The id of what the form makes; the same for a form that is sent twice. */
  readonly newId: string;
  readonly idempotencyKey: string | undefined;
}

/** The line that a route has, too. */
type Handle<C extends Contract, Tenant> = (call: Call<C, Tenant>) => Promise<Reply<C> | Refusal>;

type BodyOf<C extends Contract> = {
  [Status in keyof C["responses"]]: C["responses"][Status] extends {
    readonly body: infer Shape extends v.GenericSchema;
  }
    ? Shape
    : never;
}[keyof C["responses"]];
/** What the browser has of an answer: a copy of its own. */
type AnswerOf<C extends Contract> = [BodyOf<C>] extends [never] ? undefined : v.InferOutput<BodyOf<C>>;

/** The fields of a form as one operation wants them, for what a form cannot say by itself. They are not checked yet. */
export type Arrange = (fields: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** A form of our pages: the operation that it calls, and what its fields mean where a form cannot say it by itself. */
export interface Form<C extends Contract, Tenant> {
  readonly contract: C;
  readonly handle: Handle<C, Tenant>;
  readonly arrange?: Arrange | undefined;
}

/** The door for forms: like the one for requests, with the same contract, limits and audit, but only for people of our own pages, in the workspace that the page showed. */
export function formDoor<Tenant>(ports: FormPorts<Tenant>) {
  return function formAction<const C extends ApiContract>(form: Form<C, Tenant>): FormAction<AnswerOf<C>> {
    return async (_before, sent) => {
      // Whoever writes a request by hand chooses the arguments.
      if (!(sent instanceof FormData)) return explain(refuse("malformed-json", "Send a form."), new Map());
      const texts = readTexts(sent);
      const request = await ports.currentRequest();
      const startedAt = performance.now();
      const visit = { form, sent, texts, request };
      const answer = await enter(ports, visit).catch((error: unknown) => explainUnexpected(error, request));
      observeAnswer(form.contract, {
        status: "refused" in answer ? statusOf(answer.refused) : answer.status,
        seconds: (performance.now() - startedAt) / 1_000,
      });
      if ("refused" in answer) return explain(answer, texts);
      ports.refresh();
      // The body is the contract's; its type was inferred from the same schema.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return { ...DONE, ...("body" in answer && { answer: answer.body as AnswerOf<C> }) };
    };
  };
}

const DONE = { status: "done", values: {}, problems: {} } as const;

interface Visit<C extends ApiContract, Tenant> {
  readonly form: Form<C, Tenant>;
  readonly sent: FormData;
  readonly texts: FormTexts;
  readonly request: Request;
}

async function enter<C extends ApiContract, Tenant>(
  ports: FormPorts<Tenant>,
  { form: { contract, handle, arrange = AS_THEY_ARE }, sent, texts, request }: Visit<C, Tenant>,
): Promise<Reply<C> | Refusal> {
  const identified = await identify(ports, sent, request);
  if (!identified.ok) return identified.refusal;
  const principal = identified.value;
  const authorized = await authorize(ports, principal, contract);
  if (!authorized.ok) return authorized.refusal;
  const parsed = parseForm(contract, { texts, arrange, key: readSingle(sent, FORM_KEY) });
  if (!parsed.ok) return parsed.refusal;
  return perform<Tenant, Reply<C>>(ports, principal, {
    contract,
    parsed: { ...parsed.value, upload: undefined },
    act: ({ tenant }, newId) => handle({ ...parsed.value, caller: { tenant, principal }, newId }),
  });
}

const AS_THEY_ARE: Arrange = (fields) => fields;

const SIGNED_OUT = refuse(
  "unauthenticated",
  "Your session has ended. Sign in again in another tab, then send this once more.",
);
const OF_ANOTHER_SITE = refuse("cross-origin", "This did not come from a page of ours. Nothing was changed.");
const OTHER_WORKSPACE = refuse(
  "forbidden",
  "You are in another workspace now than the one this page shows. Nothing was changed. Switch back, then send this once more.",
);

async function identify<Tenant>(
  ports: FormPorts<Tenant>,
  form: FormData,
  request: Request,
): Promise<Outcome<Person>> {
  if (!isOwnOrigin(request)) return { ok: false, refusal: OF_ANOTHER_SITE };
  const person = (await ports.currentPerson(request)) ?? SIGNED_OUT;
  if ("refused" in person) return { ok: false, refusal: person };
  // The session says where a change is made. What the page says can only stop it.
  return readSingle(form, FORM_WORKSPACE) === person.workspaceId
    ? { ok: true, value: person }
    : { ok: false, refusal: OTHER_WORKSPACE };
}

function readSingle(form: FormData, name: string): string | null {
  const value = form.get(name);
  return typeof value === "string" ? value : null;
}

interface Sent {
  readonly texts: FormTexts;
  readonly arrange: Arrange;
  readonly key: string | null;
}

type ParsedForm<C extends Contract> = Omit<Call<C, never>, "caller" | "newId">;

/** Checks a form against the contract of its operation. All of its problems are told at once. */
function parseForm<C extends ApiContract>(
  contract: C,
  { texts, arrange, key }: Sent,
): Outcome<ParsedForm<C>> {
  const inPath = namesIn(contract.path);
  const pick = (isInPath: boolean) => new Map([...texts].filter(([name]) => inPath.has(name) === isInPath));
  const paramsShape = contract.params ?? NONE;
  const params = v.safeParse(paramsShape, readFields(paramsShape, pick(true)));
  const unnamed = listProblems(params.issues ?? []);
  // Names are filled in by people, ids by us.
  if (unnamed.some(({ path }) => path === "/id")) return { ok: false, refusal: GONE };
  const idempotencyKey = readIdempotencyKey(key);
  if (!idempotencyKey.ok) return idempotencyKey;
  const body = checkBody(contract.body, arrange, pick(false));
  const errors = [...unnamed, ...body.errors];
  if (errors.length > 0) return { ok: false, refusal: refuse("invalid-request", MEND, { errors }) };
  // Each part was parsed by the schema that its type is inferred from.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const parts = { params: params.output, body: body.output } as Pick<Parts<C>, "params" | "body">;
  return { ok: true, value: { ...parts, idempotencyKey: idempotencyKey.value } };
}

const GONE = refuse("not-found", "What this is about is not here any more.");
const NONE = v.strictObject({});

const namesIn = (path: string): ReadonlySet<string> =>
  new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name));

interface CheckedBody {
  readonly output: unknown;
  readonly errors: readonly Problem[];
}

function checkBody(schema: v.GenericSchema = NONE, arrange: Arrange, texts: FormTexts): CheckedBody {
  const given = arrange(readFields(schema, texts));
  const unusable = findUnusable(given);
  const parsed = v.safeParse(schema, given);
  return { output: parsed.output, errors: unusable ? [unusable] : listProblems(parsed.issues ?? []) };
}

const MEND = "Nothing was changed. Fix what is marked, then send this once more.";

/** Sentences for what only forms are told otherwise: people know of no header. */
const IN_A_FORM: Partial<Record<ProblemCode, string>> = {
  "idempotency-key-reused":
    "This was sent before with something else in it, and that was done. Reload the page to see it, and begin anew from there.",
};

/** A refusal as a form shows it: what is about a field stands there, and everything that was typed is still in its place, save secrets. */
function explain<Answer>({ refused, detail, errors = [] }: Refusal, texts: FormTexts): FormState<Answer> {
  const problems: Record<string, string> = {};
  for (const problem of errors) problems[fieldOf(problem)] ??= writeAtField(problem);
  return {
    status: "refused",
    values: Object.fromEntries([...texts].filter(([name]) => !name.startsWith(SECRET_FIELD))),
    problems,
    message: IN_A_FORM[refused] ?? detail,
  };
}
