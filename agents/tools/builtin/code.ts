import * as v from "valibot";
import { runCode } from "#/agents/sandbox/run-code.ts";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";

const LIMITS = { cpuMs: 2000, memoryBytes: 64 * 1024 * 1024, outputBytes: 1024 * 1024 };

/** Runs JavaScript that a model has written, in a world of its own. */
export const code = defineTool({
  name: "code",
  description:
    "Run JavaScript: the body of an async function, with input as its variable. Give the result back by return. There is no network, no file and no module.",
  input: v.object({
    source: v.pipe(
      v.string(),
      v.minLength(1),
      v.maxLength(50_000),
      v.description("The body of the function"),
    ),
    input: v.optional(v.pipe(v.unknown(), v.description("What the code sees as input"))),
  }),
  effect: "read",
  run: async ({ source, input }, { signal }) => {
    const { value, printed } = await runCode(source, { input: input ?? null }, { ...LIMITS, signal });
    return { result: value, ...(printed.length > 0 && { printed }) };
  },
});
