import type { Metadata } from "next";
import { allows } from "#/lib/auth/principal.ts";
import { listMemories } from "#/operations/memories/list.ts";
import { FIRST_MEMORIES, MEMORIES_A_PAGE, memoryPages } from "../_data/queries.ts";
import { answerFirstPage, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { MemoriesView } from "./memories-view.tsx";

export const metadata: Metadata = { title: "Memory" };

export default async function MemoryPage() {
  const { caller, person } = await currentVisit();
  const memories = await listMemories(caller, { ...FIRST_MEMORIES, limit: MEMORIES_A_PAGE });
  return (
    <Prefetched answers={[answerFirstPage(memoryPages(FIRST_MEMORIES), memories)]}>
      <MemoriesView canChange={allows(person, "memories:write")} />
    </Prefetched>
  );
}
