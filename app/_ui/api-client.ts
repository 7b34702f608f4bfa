import { ApiError, type ProblemDocument } from "#/app/_ui/api-error.ts";

interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Calls our API as the signed-in person. @throws ApiError with the problem it answered, or when it cannot be reached */
export async function callApi<T>(
  path: string,
  { method = "GET", body, headers, signal }: Call = {},
): Promise<T> {
  const response = await send(path, {
    method,
    headers: {
      accept: "application/json",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  if (!response.ok) throw new ApiError(response.status, await problemOf(response));
  // 204 has no body; callers of such routes ask for void. The server has checked the rest against the contract that names T.
  const answer: T = response.status === 204 ? undefined : await response.json();
  return answer;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw new ApiError(503, {
      title: "No connection",
      detail: "The server cannot be reached. Check your connection and try again.",
    });
  }
}

async function problemOf(response: Response): Promise<ProblemDocument> {
  if (response.status === 401)
    return { title: "Signed out", detail: "Your session has ended. Reload the page to sign in again." };
  const answer: unknown = await response.json().catch(() => undefined);
  return typeof answer === "object" && answer !== null ? answer : {};
}

/** A query string of what is set; empty without any. */
export function queryOf(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const set = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === null || value === "" ? [] : [[name, String(value)]],
  );
  return set.length > 0 ? `?${new URLSearchParams(set).toString()}` : "";
}
