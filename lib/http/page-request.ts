import { problemResponse, type Refusal, refuse } from "#/lib/http/problem.ts";

const MOST_CHARACTERS = 100_000;

/**
 * Refuses what a page cannot read: Next answers 500 to forms and to server actions whose arguments it cannot decode. Pages are read; what the app's own
 * scripts send them are server actions, whose arguments are plain JSON.
 */
export async function refuseToPage(request: Request): Promise<Response | undefined> {
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  const refusal = await whyNot(request);
  return refusal && problemResponse(refusal);
}

async function whyNot(request: Request): Promise<Refusal | undefined> {
  if (request.method !== "POST" || !request.headers.has("next-action")) {
    return refuse(
      "method-not-allowed",
      "Pages are read by GET. To change something call the API: /api/openapi.json.",
      { headers: { Allow: "GET, HEAD" } },
    );
  }
  if (!(request.headers.get("content-type") ?? "").startsWith("text/plain"))
    return refuse("unsupported-media-type", "Arguments of a server action are sent as text/plain.");
  const text = await request.clone().text();
  return text.length <= MOST_CHARACTERS && isPlainArguments(text)
    ? undefined
    : refuse("malformed-json", "The arguments of this server action cannot be read.");
}

/** References to other parts of a form, dates and the like begin with one dollar sign; our actions take none of them. */
const REFERENCE = /^\$(?!\$|undefined$)/;

function isPlainArguments(text: string): boolean {
  try {
    let isPlain = true;
    const args: unknown = JSON.parse(text, (_key, value: unknown) => {
      if (typeof value === "string" && REFERENCE.test(value)) isPlain = false;
      return value;
    });
    return isPlain && Array.isArray(args);
  } catch {
    return false;
  }
}
