import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";
import { createConnectionContract, listConnectionsContract } from "#/operations/connections/contract.ts";
import { createConnection } from "#/operations/connections/create.ts";
import { listConnections } from "#/operations/connections/list.ts";

export const GET = apiRoute(listConnectionsContract, async ({ caller }) => ok(await listConnections(caller)));

export const POST = apiRoute(createConnectionContract, async ({ caller, body, newId: id }) =>
  created(await createConnection(caller, { id, ...body })),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
