import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done, ok } from "#/lib/http/reply.ts";
import {
  deleteScheduleContract,
  getScheduleContract,
  updateScheduleContract,
} from "#/operations/schedules/contract.ts";
import { deleteSchedule } from "#/operations/schedules/delete.ts";
import { getSchedule } from "#/operations/schedules/get.ts";
import { updateSchedule } from "#/operations/schedules/update.ts";

export const GET = apiRoute(getScheduleContract, async ({ caller, params }) =>
  ok(await getSchedule(caller, params)),
);

export const PATCH = apiRoute(updateScheduleContract, async ({ caller, params, body }) =>
  ok(await updateSchedule(caller, { ...params, ...body })),
);

export const DELETE = apiRoute(deleteScheduleContract, async ({ caller, params }) =>
  done(await deleteSchedule(caller, params)),
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
