import type { Problem } from "#/agents/definition/problem.ts";
import { notFound, refuse } from "#/lib/http/problem.ts";

export const noSuchTool = notFound("tool");

export const notDeclared = (name: string) =>
  refuse(
    "wrong-status",
    `${name} was not declared in this workspace, so it cannot be changed here. Its rules and limits can.`,
  );

export const nameTaken = (name: string) =>
  refuse("name-taken", `Another tool is called “${name}”. Choose another name.`, {
    errors: [{ path: "/name", message: `Another tool is called “${name}”.` }],
  });

export const invalidTool = (errors: readonly Problem[]) =>
  refuse("invalid-request", "The tool could not be called as it is declared. See “errors”.", { errors });
