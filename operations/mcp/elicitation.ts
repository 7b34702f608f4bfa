import { inputRequired, type InputRequest } from "@modelcontextprotocol/server";
import type { Approval } from "#/db/approvals.ts";
import { phraseQuestion } from "#/operations/mcp/question.ts";

type Elicited = Parameters<typeof inputRequired.elicit>[0]["requestedSchema"];

/** Asks a client's user what an approval asks. */
export function elicitation(approval: Approval): InputRequest {
  const { message, requestedSchema } = phraseQuestion(approval);
  // The protocol's own type lists each kind of field; the fields here are flat, which is what it means.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return inputRequired.elicit({ mode: "form", message, requestedSchema: requestedSchema as Elicited });
}
