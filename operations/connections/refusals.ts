import type { Problem } from "#/agents/definition/problem.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";

/** Definitions name connections: a name stands for one of them. */
export const nameTaken = (name: string) =>
  refuse("name-taken", `Another connection is called “${name}”. Choose another name.`, {
    errors: [{ path: "/name", message: `Another connection is called “${name}”.` }],
  });

/** Refuses fields that do not make a connection of its kind. */
export const badFields = (errors: readonly Problem[]): Refusal =>
  refuse("invalid-request", "Fix what is listed under “errors” and try again.", { errors });
