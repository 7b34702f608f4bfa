import { otherMethods } from "#/lib/http/other-methods.ts";

/** Requests with a method that no address has; see lib/http/front-door.ts. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods(
  "GET",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
);
