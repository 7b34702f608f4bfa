import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listPricesContract, setPriceContract } from "#/operations/prices/contract.ts";
import { listPrices } from "#/operations/prices/list.ts";
import { setPrice } from "#/operations/prices/set.ts";

export const GET = apiRoute(listPricesContract, async ({ caller }) => ok(await listPrices(caller)));

export const PUT = apiRoute(setPriceContract, async ({ caller, body, newId: id }) =>
  ok(await setPrice(caller, { ...body, id })),
);

export const { POST, PATCH, DELETE, OPTIONS } = otherMethods("GET", "PUT");
