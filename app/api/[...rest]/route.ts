import { problemResponse, refuse } from "#/lib/http/problem.ts";

const nothingHere = () =>
  problemResponse(
    refuse("not-found", "There is nothing at this address. See /api/openapi.json for what there is."),
  );

/** Whatever under /api is no route. */
export {
  nothingHere as DELETE,
  nothingHere as GET,
  nothingHere as OPTIONS,
  nothingHere as PATCH,
  nothingHere as POST,
  nothingHere as PUT,
};
