import { unstable_rethrow } from "next/navigation";
import { newId } from "#/lib/id.ts";
import { explainMove } from "#/lib/http/moved.ts";
import { problemResponse, type Refusal, refuse } from "#/lib/http/problem.ts";
import { reportError } from "#/lib/observe/report.ts";
import { type SqlMeaning, sqlMeaning } from "#/lib/sql-state.ts";

/** Refusals of the database that may pass in a moment. */
const PASSING: Readonly<Partial<Record<SqlMeaning, string>>> = {
  collision: "Others were changing the same at the same moment, so nothing was changed. Try again.",
  unavailable: "The database is busy or restarts. Try again in a moment.",
};

/** Answers what nobody expected: where a workspace has moved to, 503 for what passes by itself, else 500. */
export async function answerUnexpected(error: unknown, request: Request): Promise<Response> {
  return problemResponse(await explainUnexpected(error, request));
}

/** Explains what nobody expected: where a workspace has moved to, what passes by itself, and what does not with an id under which the log has the error. Next's own signals pass through. */
export async function explainUnexpected(error: unknown, request: Request): Promise<Refusal> {
  unstable_rethrow(error);
  const { pathname, search } = new URL(request.url);
  const moved = explainMove(error, pathname + search);
  if (moved) return moved;
  const errorId = newId();
  await reportError(
    error,
    { errorId, method: request.method, path: pathname.replace(/^(\/api\/hooks\/).*/, "$1[token]") },
    "request failed",
  );
  const passing = PASSING[sqlMeaning(error) ?? "unstorable"];
  if (passing !== undefined) return refuse("unavailable", passing, { headers: { "Retry-After": "1" } });
  const instance = `urn:uuid:${errorId}`;
  return refuse("internal", `It was not your request. Try again; if it stays, report the id ${errorId}.`, {
    instance,
  });
}
