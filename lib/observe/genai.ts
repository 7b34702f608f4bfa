/**
 * Names of OpenTelemetry's GenAI conventions that our spans use, and nowhere else in the code: all of them are still “Development”.
 * Pinned to github.com/open-telemetry/semantic-conventions-genai, commit 002c8a6ea1c8a42b14a4527db83b3cabcded610a. A workflow is an agent there: the
 * workflow span was folded into the internal invoke-agent span.
 */
export const GENAI = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  model: "gen_ai.request.model",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  agentId: "gen_ai.agent.id",
  agentName: "gen_ai.agent.name",
  agentVersion: "gen_ai.agent.version",
  toolName: "gen_ai.tool.name",
  conversation: "gen_ai.conversation.id",
  errorType: "error.type",
} as const;

/** Values of `gen_ai.operation.name`; a span's name begins with it. */
export const GENAI_OPERATIONS = {
  run: "invoke_agent",
  model: "chat",
  tool: "execute_tool",
} as const;
