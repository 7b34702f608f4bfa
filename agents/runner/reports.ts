import type { LiveChunk, ToolActivity } from "#/agents/steps/step-ports.ts";
import type { Task } from "#/agents/steps/task.ts";

/** Makes the reports by which a task tells whoever watches what it does. Text gets its place in what the task has written so far. */
export function makeReports(
  task: { readonly step: string; readonly taskId: string },
  show: (chunk: LiveChunk) => void,
): Pick<Task, "emitText" | "showTool"> {
  let written = 0;
  return {
    emitText: (text) => {
      show({ type: "delta", ...task, offset: written, text });
      written += text.length;
    },
    showTool: (activity) => show({ type: "tool", ...task, ...withPreview(activity) }),
  };
}

function withPreview(activity: ToolActivity): ToolActivity {
  return activity.state === "started" ? { ...activity, input: preview(activity.input) } : activity;
}

const LONGEST_TEXT = 200;
const MOST_PARTS = 20;
const DEEPEST = 4;
const SECRET_NAME = /authorization|cookie|password|secret|token|signature|api[-_]?key/i;

/** Enough of a value to recognise it by: long texts and lists are cut, and what has the name of a secret is left out. */
function preview(value: unknown, depth = 0): unknown {
  if (typeof value === "string")
    return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value;
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEEPEST) return "…";
  if (Array.isArray(value)) return value.slice(0, MOST_PARTS).map((part) => preview(part, depth + 1));
  const parts = Object.entries(value).slice(0, MOST_PARTS);
  return Object.fromEntries(
    parts.map(([name, part]) => [name, SECRET_NAME.test(name) ? "[hidden]" : preview(part, depth + 1)]),
  );
}
