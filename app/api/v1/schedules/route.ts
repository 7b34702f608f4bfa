import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";
import { createScheduleContract, listSchedulesContract } from "#/operations/schedules/contract.ts";
import { createSchedule } from "#/operations/schedules/create.ts";
import { listSchedules } from "#/operations/schedules/list.ts";

export const GET = apiRoute(listSchedulesContract, async ({ caller, query }) =>
  ok(await listSchedules(caller, query)),
);

export const POST = apiRoute(createScheduleContract, async ({ caller, body, newId: id }) =>
  created(await createSchedule(caller, { id, ...body })),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
