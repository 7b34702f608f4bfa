import * as v from "valibot";

/** Where the platform tells a function of the request at hand. */
const REQUEST_CONTEXT = Symbol.for("@vercel/request-context");
const Place = v.object({ get: v.function() });
const Context = v.object({ waitUntil: v.function() });

/** Lets a function that has answered live on until the work is done. Elsewhere the process lives on by itself. */
export function keepAlive(work: Promise<unknown>): void {
  const place: unknown = Reflect.get(globalThis, REQUEST_CONTEXT);
  if (!v.is(Place, place)) return;
  const context: unknown = place.get();
  if (v.is(Context, context)) context.waitUntil(work);
}
