import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTool } from "#/operations/tools/get.ts";
import { toolDetail } from "../../_data/queries.ts";
import { answer, Prefetched } from "../../prefetched.tsx";
import { currentVisit } from "../../visit.ts";
import { ToolView } from "./tool-view.tsx";

interface ToolPageProps {
  readonly params: Promise<{ readonly tool: string }>;
}

export async function generateMetadata({ params }: ToolPageProps): Promise<Metadata> {
  return { title: (await params).tool };
}

export default async function ToolPage({ params }: ToolPageProps) {
  const { tool: name } = await params;
  const { caller } = await currentVisit();
  const tool = await getTool(caller, { name });
  if ("refused" in tool) notFound();
  return (
    <Prefetched answers={[answer(toolDetail(name), tool)]}>
      <ToolView name={name} />
    </Prefetched>
  );
}
