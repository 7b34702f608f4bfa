import * as v from "valibot";
import { Beginning, drawBeginning } from "#/agents/sandbox/code-calls.ts";
import { runCode } from "#/agents/sandbox/run-code.ts";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";
import { describeCalls } from "#/agents/tools/call-signatures.ts";
import type { InnerTools, ToolContext } from "#/agents/tools/tool.ts";

const LIMITS = { cpuMs: 2000, memoryBytes: 64 * 1024 * 1024, outputBytes: 1024 * 1024 };

const DESCRIPTION =
  "Run JavaScript: the body of an async function, with input as its variable. Give the result back by return. There is no network, no file and no module.";

const Asked = v.object({
  source: v.pipe(v.string(), v.minLength(1), v.maxLength(50_000), v.description("The body of the function")),
  input: v.optional(v.pipe(v.unknown(), v.description("What the code sees as input"))),
});
type Asked = v.InferOutput<typeof Asked>;

/** Runs code that reaches nothing. */
async function runAlone({ source, input }: Asked, { signal }: Pick<ToolContext, "signal">) {
  const { value, printed } = await runCode(source, { input: input ?? null }, { ...LIMITS, signal });
  return { result: value, ...(printed.length > 0 && { printed }) };
}

/** The tool as it was until code could call others. */
const plainCode = defineTool({
  name: "code",
  description: DESCRIPTION,
  input: Asked,
  effect: "read",
  capabilities: [],
  run: runAlone,
});

const AMONG = [
  "The code can call the other tools: await tools.name({…}) gives the tool's answer, and throws an error with code and message where it fails.",
  "Use it where many calls follow from one another, or where their answers are long and a part of them matters: of all answers you read only what the code returns or prints.",
  "Promise.all makes calls side by side. A call that a person has to allow waits for them.",
];
const inWords = (parts: readonly string[]) => parts.join(" ");

/** Runs JavaScript that a model has written, in a world of its own. Beside other tools it may call them. */
export const code = defineTool({
  name: "code",
  description: inWords([DESCRIPTION, "Beside other tools, the code can call them."]),
  input: Asked,
  effect: "read",
  capabilities: [],
  inParts: true,
  // What it waits for has limits of its own, and its work those of the sandbox.
  limits: { timeoutMs: 300_000 },
  earlier: [plainCode],
  describeAmong: (others) => `${inWords([DESCRIPTION, ...AMONG])}\n\n${describeCalls(others)}`,
  run: (asked, context) =>
    context.others
      ? runAmong(asked, context, context.others)
      : context.once("result", partOf(asked), () => runAlone(asked, context)),
});

const partOf = (request: unknown) => ({ effect: "read", target: "code", request }) as const;

async function runAmong({ source, input }: Asked, context: ToolContext, { tools, call }: InnerTools) {
  const draw = async () => drawBeginning(context.now());
  const beginning = v.parse(Beginning, await context.once("beginning", partOf(null), draw));
  const calls = { ...beginning, names: tools.map(({ name }) => name), call };
  const { value, printed } = await runCode(
    source,
    { input: input ?? null },
    { ...LIMITS, signal: context.signal, calls },
  );
  return { result: value, ...(printed.length > 0 && { printed }) };
}
