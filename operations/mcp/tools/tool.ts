import type { CallToolResult, Tool as ToolDescription } from "@modelcontextprotocol/server";
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { allows, confinementOf, type Principal } from "#/lib/auth/principal.ts";
import type { ApiContract } from "#/lib/http/perform.ts";
import { listProblems, type Refusal, refuse } from "#/lib/http/problem.ts";
import { answerRefusal, answerWith } from "#/operations/mcp/answer.ts";
import type { Session } from "#/operations/mcp/session.ts";

/** A tool as its file says it. */
interface ToolSource<Schema extends v.GenericSchema> {
  readonly name: string;
  readonly description: string;
  readonly input: Schema;
  /** The operation that it calls: who may call that, may use the tool. */
  readonly contract: ApiContract;
  readonly isReadOnly?: boolean;
  readonly act: (
    session: Session,
    args: v.InferOutput<Schema>,
    signal: AbortSignal,
  ) => Promise<Shown | Told | Refusal>;
}

/** A value to be shown as it is. */
interface Shown {
  readonly shown: unknown;
}

/** An answer in the protocol's words. */
interface Told {
  readonly told: CallToolResult;
}

/** A tool of the server itself. */
export interface Tool {
  readonly name: string;
  readonly description: ToolDescription;
  readonly isFor: (principal: Principal) => boolean;
  readonly call: (session: Session, args: unknown, signal: AbortSignal) => Promise<CallToolResult>;
}

/** Makes a tool whose arguments are checked by the schema that it is described with. */
export function defineTool<Schema extends v.GenericSchema>(source: ToolSource<Schema>): Tool {
  const { name, contract, input, act } = source;
  return {
    name,
    description: describe(source),
    isFor: (principal) => mayUse(principal, contract),
    call: async (session, args, signal) => {
      const parsed = v.safeParse(input, args);
      if (!parsed.success) return answerRefusal(misfit(parsed.issues));
      const answer = await act(session, parsed.output, signal);
      if ("refused" in answer) return answerRefusal(answer);
      return "shown" in answer ? answerWith(answer.shown) : answer.told;
    },
  };
}

function mayUse(principal: Principal, { access, about }: ApiContract): boolean {
  const isOutside = about === undefined && confinementOf(principal) !== undefined;
  return !isOutside && (access === "member" || allows(principal, access));
}

const misfit = (issues: readonly v.BaseIssue<unknown>[]) =>
  refuse("invalid-request", "The arguments do not fit the tool.", { errors: listProblems(issues) });

function describe({
  name,
  description,
  input,
  isReadOnly = false,
}: Pick<ToolSource<v.GenericSchema>, "name" | "description" | "input" | "isReadOnly">) {
  const { $schema: _, ...schema } = toJsonSchema(input, {
    target: "draft-2020-12",
    typeMode: "input",
    errorMode: "ignore",
  });
  return {
    name,
    description,
    // The package's type of a schema knows less of JSON than the schema does.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    inputSchema: { ...schema, type: "object" } as ToolDescription["inputSchema"],
    annotations: { readOnlyHint: isReadOnly, destructiveHint: false, openWorldHint: false },
  };
}
