import { expectTypeOf, test } from "vitest";
import type * as stored from "#/db/runs.ts";
import type * as contract from "#/operations/runs/contract.ts";

test("what is read of a run and of its log has the fields and the types that the contract promises", () => {
  expectTypeOf<stored.RunSummary>().toExtend<contract.RunSummary>();
  expectTypeOf<stored.Run>().toExtend<contract.Run>();
  expectTypeOf<stored.StepLog>().toExtend<contract.StepLog>();
  expectTypeOf<stored.RunDefinition>().toExtend<contract.RunDefinition>();
});

test("nothing is read that the contract does not name", () => {
  expectTypeOf<keyof stored.RunSummary>().toEqualTypeOf<keyof contract.RunSummary>();
  expectTypeOf<keyof stored.Run>().toEqualTypeOf<keyof contract.Run>();
  expectTypeOf<keyof stored.StepLog>().toEqualTypeOf<keyof contract.StepLog>();
  expectTypeOf<keyof stored.RunDefinition>().toEqualTypeOf<keyof contract.RunDefinition>();
});

test("statuses and kinds are the same words on both sides", () => {
  type Words = "status" | "waitingOn";
  expectTypeOf<Pick<stored.RunSummary, Words>>().toEqualTypeOf<Pick<contract.RunSummary, Words>>();
  expectTypeOf<Pick<stored.StepLog, "kind" | "status">>().toEqualTypeOf<
    Pick<contract.StepLog, "kind" | "status">
  >();
  expectTypeOf<stored.RunSummary["trigger"]["kind"]>().toEqualTypeOf<contract.TriggerKind>();
});
