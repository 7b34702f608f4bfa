import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openDatabase } from "#/db/client.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { move, type Region, startRegion } from "#/tests/support/regions.ts";
import { query } from "#/tests/support/sql-functions.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

let eu: Region;
let us: Region;
beforeAll(async () => {
  eu = await startRegion("eu");
  us = await startRegion("us");
});
afterAll(async () => {
  await eu.stop();
  await us.stop();
});

/** Asks a deployment for an API key under an Idempotency-Key, as its door does, with the deployment's own SECRETS_KEY. */
async function askForKey(region: Region, person: { readonly workspaceId: string; readonly userId: string }) {
  vi.resetModules();
  setEnvironment({ SECRETS_KEY: region.secretsKey });
  const { createApiKey } = await import("#/operations/api-keys/create.ts");
  const { createApiKeyContract: contract } = await import("#/operations/api-keys/contract.ts");
  const { keepRequest } = await import("#/db/idempotency.ts");
  const { keep } = await import("#/lib/http/idempotency.ts");
  const db = openDatabase(region.database.runtimeUrl, 1);
  const tenant = db.tenant(person);
  const body = { name: "Deploys", scopes: ["read" as const], expiresAt: null };
  const parsed = { params: {}, body, upload: undefined, idempotencyKey: "deploys-1" };
  const kept = await keep({ keepRequest }, tenant, { contract, parsed });
  if (!kept.ok) throw new Error("The Idempotency-Key was refused.");
  const principal = {
    kind: "person" as const,
    role: "admin" as const,
    toldAt: Date.now(),
    slug: "s",
    clerkUserId: "u",
    clerkOrgId: "o",
    workspaceId: person.workspaceId,
    userId: person.userId,
  };
  const answer = await createApiKey(
    { tenant, principal },
    { ...body, id: kept.value.id, isRepeatable: true },
  );
  await db.close();
  return answer;
}

const keysIn = ({ database }: Region, workspaceId: string) =>
  query<{ id: string }>(database.ownerUrl, "select id from api_keys where workspace_id = $1", [workspaceId]);

test("an API key that was asked for before the move and is asked for again after it is not made twice, and no other is shown for it", async () => {
  const person = await seedWorkspace(eu.database.ownerUrl);
  const { workspaceId } = person;
  const made = await askForKey(eu, person);
  expect(made).toMatchObject({ id: expect.any(String), key: expect.stringMatching(/^cairn_/) });
  expect(await askForKey(eu, person)).toEqual(made);
  await move(eu, us, workspaceId);
  const again = await askForKey(us, person);
  expect(again).toMatchObject({
    refused: "wrong-status",
    detail: "This key was made, but cannot be shown again. Revoke it and make another.",
  });
  expect(await keysIn(us, workspaceId)).toEqual(await keysIn(eu, workspaceId));
  expect(await keysIn(us, workspaceId)).toHaveLength(1);
  await expect(askForKey(eu, person)).rejects.toMatchObject({ code: "CA410" });
});

test("it is the same key where both deployments have the same SECRETS_KEY", async () => {
  const person = await seedWorkspace(eu.database.ownerUrl);
  const made = await askForKey(eu, person);
  await move(eu, us, person.workspaceId);
  expect(await askForKey({ ...us, secretsKey: eu.secretsKey }, person)).toEqual(made);
  expect(await askForKey({ ...us, secretsKey: randomUUID() }, person)).toMatchObject({
    refused: "wrong-status",
  });
});
