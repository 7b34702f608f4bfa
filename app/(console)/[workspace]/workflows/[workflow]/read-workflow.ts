import "server-only";
import { cache } from "react";
import { getWorkflow } from "#/operations/workflows/get.ts";
import type { ShownWorkflow } from "#/operations/workflows/show.ts";
import { currentVisit } from "../../visit.ts";

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Tells whether a part of an address is an id at all. */
export const isId = (part: string): boolean => UUID.test(part);

/** The workflow of an address, read once a request: for the tab's title and for the page. Undefined where there is none. */
export const readWorkflow = cache(async (id: string): Promise<ShownWorkflow | undefined> => {
  const { caller } = await currentVisit();
  const workflow = isId(id) ? await getWorkflow(caller, { id }) : undefined;
  return workflow && "refused" in workflow ? undefined : workflow;
});

export interface WorkflowPageProps {
  readonly params: Promise<{ readonly workflow: string }>;
}

/** The title of a page about the workflow. */
export async function titleWorkflow({ params }: WorkflowPageProps) {
  const workflow = await readWorkflow((await params).workflow);
  return { title: workflow?.name ?? "Workflow" };
}
