import * as v from "valibot";
import { evaluate } from "#/agents/definition/expression/expression.ts";
import type { ToolList } from "#/agents/definition/format/fields.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { AgentTools } from "#/agents/steps/tool/approval.ts";

const MOST_CHOSEN = 500;
const Chosen = v.pipe(v.array(v.string()), v.maxLength(MOST_CHOSEN));

/** Returns the names in a list of tools, or those that its expression gives now. @throws StepError "tools-expression" */
export function chooseTools(
  tools: ToolList,
  scope: Readonly<Record<string, unknown>>,
): Pick<AgentTools, "names" | "isComputed"> {
  if (typeof tools !== "string") return { names: tools, isComputed: false };
  const read = v.safeParse(Chosen, evaluate(tools, scope));
  if (read.success) return { names: [...new Set(read.output)], isComputed: true };
  throw new StepError(
    "tools-expression",
    `The expression for tools has to give a list of ${MOST_CHOSEN} names at most, such as ["web_search"], and gave something else.`,
  );
}
