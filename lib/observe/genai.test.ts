import { expect, test } from "vitest";
import { GENAI, GENAI_OPERATIONS } from "#/lib/observe/genai.ts";

test("the names that dashboards and queries of others are built on stay as they are until the pinned conventions are read anew", () => {
  expect([...Object.values(GENAI), ...Object.values(GENAI_OPERATIONS)]).toEqual([
    "gen_ai.operation.name",
    "gen_ai.provider.name",
    "gen_ai.request.model",
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.output_tokens",
    "gen_ai.agent.id",
    "gen_ai.agent.name",
    "gen_ai.agent.version",
    "gen_ai.tool.name",
    "gen_ai.conversation.id",
    "error.type",
    "invoke_agent",
    "chat",
    "execute_tool",
  ]);
});
