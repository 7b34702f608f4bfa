import { describe, expectTypeOf, test } from "vitest";
import type { Approval } from "#/operations/approvals/contract.ts";
import type { Delivery } from "#/operations/webhooks/contract.ts";
import type { Run, RunSummary, StartedRun } from "#/operations/runs/contract.ts";
import type { VersionDetail } from "#/operations/workflows/contract.ts";
import type { Client } from "./client.ts";
import { keyOf, type PagedQuery, type Query, type QueryKey } from "./query.ts";
import { makeAddress } from "./request.ts";
import type { Route } from "./routes.ts";

/** Checked by the compiler: each line under `@ts-expect-error` must be an error. Nothing is called. */
const api = (() => Promise.resolve()) as unknown as Client["api"];
const makeQuery = (() => ({})) as unknown as Client["makeQuery"];
const makePagedQuery = (() => ({})) as unknown as Client["makePagedQuery"];
const path = { id: "9b2f" };

describe("an answer has the type of its contract", () => {
  test("of a call", () => {
    expectTypeOf(api("GET /api/v1/runs/{id}", { path })).resolves.toEqualTypeOf<Run>();
    expectTypeOf(api("GET /api/v1/runs")).resolves.toHaveProperty("items").toEqualTypeOf<RunSummary[]>();
    expectTypeOf(api("DELETE /api/v1/workflows/{id}", { path })).resolves.toBeUndefined();
  });

  test("of every status that is a success", () => {
    expectTypeOf(api("POST /api/v1/workflows/{id}/runs", { path })).resolves.toEqualTypeOf<
      Run | StartedRun
    >();
  });

  test("of several calls at once", () => {
    const change = (action: "cancel" | "pause") => api(`POST /api/v1/runs/{id}/${action}`, { path });
    expectTypeOf(change).returns.resolves.toEqualTypeOf<Run>();
  });

  test("of queries", () => {
    expectTypeOf(makeQuery("GET /api/v1/runs/{id}", { path })).toEqualTypeOf<Query<Run>>();
    expectTypeOf(makePagedQuery("GET /api/v1/webhooks/{id}/deliveries", { path })).toEqualTypeOf<
      PagedQuery<{ items: Delivery[]; nextCursor: string | null }>
    >();
  });
});

describe("a call takes what its contract takes", () => {
  test("a path that exists, under its method", () => {
    expectTypeOf(api).parameter(0).toExtend<Route>();
    // @ts-expect-error no such path
    void api("GET /api/v1/runz");
    // @ts-expect-error no such method
    void api("PUT /api/v1/runs/{id}", { path });
    // @ts-expect-error a stream of events is not JSON
    void api("GET /api/v1/runs/{id}/events", { path });
    // @ts-expect-error a webhook's sender signs, and has no key
    void api("POST /api/hooks/{token}", { path: { token: "t" } });
  });

  test("every parameter of the path, and no other", () => {
    const version = api("GET /api/v1/workflows/{id}/versions/{version}", { path: { ...path, version: 3 } });
    expectTypeOf(version).resolves.toEqualTypeOf<VersionDetail>();
    // @ts-expect-error no argument at all
    void api("GET /api/v1/runs/{id}");
    // @ts-expect-error no id
    void api("GET /api/v1/runs/{id}", { path: {} });
    // @ts-expect-error another name
    void api("GET /api/v1/runs/{id}", { path: { id: "9b2f", run: "9b2f" } });
    // @ts-expect-error a version is a number, or its digits
    void api("GET /api/v1/workflows/{id}/versions/{version}", { path: { ...path, version: true } });
  });

  test("the values of the query", () => {
    const runs = api("GET /api/v1/runs", { query: { status: "paused", limit: 10, cursor: null } });
    expectTypeOf(runs).resolves.toHaveProperty("nextCursor").toEqualTypeOf<string | null>();
    // @ts-expect-error no such status
    void api("GET /api/v1/runs", { query: { status: "done" } });
    // @ts-expect-error no such name
    void api("GET /api/v1/runs", { query: { state: "paused" } });
    // @ts-expect-error takes no query
    void api("GET /api/v1/runs/{id}", { path, query: { limit: 10 } });
  });

  test("the body", () => {
    const decided = api("POST /api/v1/approvals/{id}/decision", { path, body: { action: "approve" } });
    expectTypeOf(decided).resolves.toEqualTypeOf<Approval>();
    // @ts-expect-error no body
    void api("POST /api/v1/approvals/{id}/decision", { path });
    // @ts-expect-error no action
    void api("POST /api/v1/approvals/{id}/decision", { path, body: {} });
    // @ts-expect-error another type
    void api("POST /api/v1/approvals/{id}/decision", { path, body: { action: 1 } });
    // @ts-expect-error a name too many
    void api("POST /api/v1/approvals/{id}/decision", { path, body: { action: "approve", note: "" } });
    // @ts-expect-error takes no body
    void api("POST /api/v1/runs/{id}/cancel", { path, body: {} });
  });

  test("an idempotency key where it counts", () => {
    const retried = api("POST /api/v1/runs/{id}/retry", { path, idempotencyKey: "k" });
    expectTypeOf(retried).resolves.toEqualTypeOf<StartedRun>();
    // @ts-expect-error it would mean nothing
    void api("POST /api/v1/runs/{id}/cancel", { path, idempotencyKey: "k" });
  });

  test("also as a query, a key or an address", () => {
    expectTypeOf(keyOf("GET /api/v1/runs")).toEqualTypeOf<QueryKey>();
    // @ts-expect-error writes are no queries
    makeQuery("POST /api/v1/runs/{id}/cancel", { path });
    // @ts-expect-error one run has no pages
    makePagedQuery("GET /api/v1/runs/{id}", { path });
    // @ts-expect-error no such path
    keyOf("GET /api/v1/runz");
    // @ts-expect-error no id
    makeAddress("GET /api/v1/runs/{id}/events");
  });
});
