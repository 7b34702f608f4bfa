import type { Problem } from "#/agents/definition/problem.ts";
import { notFound, refuse } from "#/lib/http/problem.ts";

/** Workflow steps name other workflows: a name stands for one of them. */
export const nameTaken = (name: string) =>
  refuse("name-taken", `Another workflow is called “${name}”. Choose another name.`, {
    errors: [{ path: "/name", message: `Another workflow is called “${name}”.` }],
  });

export const noSuchWorkflow = notFound("workflow");

/** Somebody else, or another tab, has saved since. Nothing is overwritten without being asked. */
export const draftChanged = refuse(
  "draft-changed",
  "The draft has been changed since you read it. Read it again, or leave “revision” out to replace it.",
);

/** A draft that cannot be compiled can neither be published nor tried. */
export const invalidDefinition = (verb: "publish" | "try", errors: readonly Problem[]) =>
  refuse("invalid-definition", `Fix the problems listed under “errors”, then ${verb} again.`, { errors });
