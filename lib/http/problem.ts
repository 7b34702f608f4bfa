import * as v from "valibot";
import { Problem } from "#/lib/http/wire.ts";
import { describeIssue, placeOfIssue } from "#/lib/issue-words.ts";

/** Every way in which a request can be refused. Codes are stable: callers program against them. */
const PROBLEMS = {
  "malformed-json": { status: 400, title: "The body is not JSON" },
  unauthenticated: { status: 401, title: "Who are you?" },
  forbidden: { status: 403, title: "Not allowed" },
  "cross-origin": { status: 403, title: "Request of another site" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "not-published": { status: 409, title: "Not published" },
  "already-decided": { status: 409, title: "Already decided" },
  "name-taken": { status: 409, title: "The name is taken" },
  "already-remembered": { status: 409, title: "Already remembered" },
  "draft-changed": { status: 409, title: "The draft has changed" },
  "settings-changed": { status: 409, title: "The settings have changed" },
  "consent-needed": { status: 409, title: "Likely to cost more than passes without consent" },
  "already-published": { status: 409, title: "Already published" },
  "budget-reached": { status: 409, title: "This month's budget is reached" },
  "no-model": { status: 409, title: "No model is connected" },
  "wrong-status": { status: 409, title: "Not possible in this status" },
  "workspace-moved": { status: 410, title: "The workspace has moved" },
  "too-large": { status: 413, title: "Too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  "invalid-request": { status: 422, title: "The request does not fit" },
  "invalid-definition": { status: 422, title: "The definition has problems" },
  "rule-of-two": { status: 422, title: "Private data could leave without a person" },
  "invalid-input": { status: 422, title: "The input does not fit the workflow" },
  "invalid-document": { status: 422, title: "The document cannot be taken" },
  "no-draft": { status: 422, title: "The model's answer is no draft" },
  "idempotency-key-reused": { status: 422, title: "The key was used for another request" },
  "rate-limited": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something failed on our side" },
  "workspace-moving": { status: 503, title: "The workspace is being moved" },
  "model-failed": { status: 502, title: "The model did not answer" },
  unavailable: { status: 503, title: "Not available now" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** The HTTP status of a refusal. */
export const statusOf = (code: ProblemCode): number => PROBLEMS[code].status;

/** An error as callers see it (RFC 9457). `code` is stable, `detail` says what to do, `errors` lists every problem of the request. */
export const ProblemDocument = v.object({
  type: v.string(),
  code: v.picklist(Object.keys(PROBLEMS)),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  /** Names this occurrence in our logs; only with internal errors. */
  instance: v.optional(v.string()),
  errors: v.optional(v.array(Problem)),
});
export type ProblemDocument = v.InferOutput<typeof ProblemDocument>;

/** A refusal, as a value that handlers return. */
export interface Refusal {
  readonly refused: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly Problem[];
  readonly instance?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A value, or why there is none. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

type Extra = Pick<Refusal, "errors" | "instance" | "headers">;

/** @param detail what the caller can do about it */
export function refuse(code: ProblemCode, detail: string, extra: Extra = {}): Refusal {
  return { refused: code, detail, ...extra };
}

/** The answer to whatever does not exist, or not in this workspace: both look the same. */
export const notFound = (what: string): Refusal =>
  refuse("not-found", `There is no such ${what} in this workspace.`);

export function problemResponse(
  { refused, detail, errors, instance, headers }: Refusal,
  alsoHeaders: Readonly<Record<string, string>> = {},
): Response {
  const { status, title } = PROBLEMS[refused];
  const body: ProblemDocument = {
    type: `urn:cairn:problem:${refused}`,
    code: refused,
    title,
    status,
    detail,
    ...(instance !== undefined && { instance }),
    ...(errors && { errors: [...errors] }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...alsoHeaders,
      ...headers,
      "content-type": "application/problem+json",
      "cache-control": "no-store",
    },
  });
}

type Issue = v.BaseIssue<unknown>;

/** Lists what a schema found, as problems with JSON pointers. @param place where the checked value stands, such as `/query` */
export function listProblems(issues: readonly Issue[], place = ""): Problem[] {
  return issues.map((issue) => ({ path: place + placeOfIssue(issue), message: describeIssue(issue) }));
}
