import { randomUUID } from "node:crypto";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { deltaChannelHistoryTests, validate } from "@langchain/langgraph-checkpoint-validation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WorkspaceSaver } from "#/agents/langgraph/checkpoint/saver.ts";
import type { CheckpointStore } from "#/agents/langgraph/checkpoint/store.ts";
import { checkpointStore } from "#/db/checkpoints.ts";
import { type Database, openDatabase } from "#/db/client.ts";
import { describeOnEachEngine, startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

const openSaver = (store: CheckpointStore) => new WorkspaceSaver(() => store, { mayFork: true });

// LangGraph's own conformance suite over the Neon wire, as the runtime role and under forced row-level security.
describeOnEachEngine("the checkpointer", (engine) => {
  let database: TestDatabase;
  let db: Database;
  let workspaceId = "";

  beforeAll(async () => {
    database = await startTestDatabase(engine);
    db = openDatabase(database.runtimeUrl, 4);
    ({ workspaceId } = await seedWorkspace(database.ownerUrl));
  });
  afterAll(async () => {
    await db.close();
    await database.stop();
  });

  const suite = {
    checkpointerName: `WorkspaceSaver on ${engine}`,
    // A workspace for each: the suite expects to find nothing but its own threads.
    // Its versions are strings, as the interface allows; the suite's own types know numbers only.
    createCheckpointer: async () =>
      openSaver(
        checkpointStore(db.tenant(await seedWorkspace(database.ownerUrl))),
      ) as unknown as BaseCheckpointSaver,
  };
  validate(suite);
  deltaChannelHistoryTests(suite);

  test("another workspace sees nothing of a thread and cannot write into it", async () => {
    const other = db.tenant(await seedWorkspace(database.ownerUrl));
    const threadId = randomUUID();
    const row = {
      checkpoint_ns: "",
      checkpoint_id: "1",
      parent_checkpoint_id: null,
      checkpoint: { v: 4, id: "1", ts: "", channel_versions: {}, versions_seen: {} },
      metadata: { source: "input", step: -1, parents: {} },
    } as const;
    await checkpointStore(db.tenant({ workspaceId })).put(threadId, row, []);
    expect(await checkpointStore(other).find({ threadId })).toEqual([]);
    await expect(
      checkpointStore({ ...other, workspaceId }).put(threadId, { ...row, checkpoint_id: "2" }, []),
    ).rejects.toThrow(/row-level security/);
  });
});
