import { randomUUID } from "node:crypto";
import { Client } from "pg";

/** Makes a workspace with one admin. The owner role of test engines is a superuser, so row-level security does not stand in the way. */
export async function seedWorkspace(
  ownerUrl: string,
): Promise<{ readonly workspaceId: string; readonly userId: string }> {
  const workspaceId = randomUUID();
  const userId = randomUUID();
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("insert into users (id, clerk_id, email, name) values ($1, $2, $3, 'Test Person')", [
      userId,
      `user_${userId}`,
      `${userId}@cairn.test`,
    ]);
    await client.query(
      "insert into workspaces (id, clerk_org_id, name, slug, owner_id) values ($1, $2, 'Test', $3, $4)",
      [workspaceId, `org_${workspaceId}`, workspaceId, userId],
    );
    await client.query("insert into members (workspace_id, user_id, role) values ($1, $2, 'admin')", [
      workspaceId,
      userId,
    ]);
  } finally {
    await client.end();
  }
  return { workspaceId, userId };
}

/** Adds a person to a workspace. @returns their id */
export async function addMember(
  ownerUrl: string,
  workspaceId: string,
  role: "admin" | "member",
): Promise<string> {
  const userId = randomUUID();
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("insert into users (id, clerk_id, name) values ($1, $2, 'Other Person')", [
      userId,
      `user_${userId}`,
    ]);
    await client.query("insert into members (workspace_id, user_id, role) values ($1, $2, $3)", [
      workspaceId,
      userId,
      role,
    ]);
  } finally {
    await client.end();
  }
  return userId;
}
