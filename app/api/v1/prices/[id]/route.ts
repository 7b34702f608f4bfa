import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done } from "#/lib/http/reply.ts";
import { removePriceContract } from "#/operations/prices/contract.ts";
import { removePrice } from "#/operations/prices/remove.ts";

export const DELETE = apiRoute(removePriceContract, async ({ caller, params }) =>
  done(await removePrice(caller, params)),
);

export const { GET, PUT, POST, PATCH, OPTIONS } = otherMethods("DELETE");
