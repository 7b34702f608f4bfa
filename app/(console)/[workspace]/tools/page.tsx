import type { Metadata } from "next";
import { listTools } from "#/operations/tools/list.ts";
import { toolList } from "../_data/queries.ts";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { ToolCatalogue } from "./tool-catalogue.tsx";

export const metadata: Metadata = { title: "Tools" };

export default async function ToolsPage() {
  const { caller } = await currentVisit();
  const tools = await listTools(caller, {});
  return (
    <Prefetched answers={[answer(toolList(""), tools)]}>
      <ToolCatalogue />
    </Prefetched>
  );
}
