import { problemResponse, refuse } from "#/lib/http/problem.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The handlers of the methods that an address does not have: a route exports each of them beside its own, as Next itself would answer without a word. */
export function otherMethods(
  ...allowed: readonly Method[]
): Readonly<Record<Method | "OPTIONS", () => Response>> {
  const known = allowed.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  const headers = { Allow: [...known, "OPTIONS"].join(", ") };
  const answer = () =>
    problemResponse(refuse("method-not-allowed", `This address takes ${known.join(", ")}.`, { headers }));
  return {
    GET: answer,
    POST: answer,
    PUT: answer,
    PATCH: answer,
    DELETE: answer,
    OPTIONS: () => new Response(null, { status: 204, headers }),
  };
}
