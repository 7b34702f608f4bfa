import { Check, LoaderCircle, type DrawnIcon, TriangleAlert, Wrench } from "#/app/_ui/icons.tsx";
import { textsOf } from "#/agents/steps/texts.ts";
import { Markdown } from "#/app/_ui/markdown.tsx";
import type { LiveTask, Progress, ToolCall } from "./live-tasks.ts";

interface LiveTaskViewProps {
  readonly task: LiveTask;
  readonly stepType: string | undefined;
}

/** A task under way: the text as it is written, or the tool that is called. */
export function LiveTaskView({ task, stepType }: LiveTaskViewProps) {
  return (
    <div className="my-1 rounded-md border border-info/25 bg-info/5 px-3 py-2">
      {task.tool && <ToolChip call={task.tool} />}
      {task.text !== "" && <Markdown text={task.text} streaming />}
      {!task.tool && task.text === "" && (
        <p className="animate-pulse text-muted-foreground">{textsOf(stepType)?.atWork ?? "Working…"}</p>
      )}
    </div>
  );
}

const TOOL_LOOKS: Readonly<
  Record<ToolCall["state"], { readonly says: string; readonly icon: DrawnIcon; readonly look: string }>
> = {
  started: { says: "Calling", icon: LoaderCircle, look: "text-info motion-safe:animate-spin" },
  working: { says: "Calling", icon: LoaderCircle, look: "text-info motion-safe:animate-spin" },
  succeeded: { says: "Called", icon: Check, look: "text-ink-3" },
  failed: { says: "Failed:", icon: TriangleAlert, look: "text-bad" },
};

function ToolChip({ call }: { readonly call: ToolCall }) {
  const { says, icon: Icon, look } = TOOL_LOOKS[call.state];
  return (
    <p className="flex min-w-0 items-center gap-2 text-xs">
      <Wrench aria-hidden className="size-3.5 shrink-0 text-muted-foreground" />
      <span className="shrink-0">
        {says} <span className="font-mono font-medium">{call.name}</span>
      </span>
      <span
        className="min-w-0 flex-1 truncate font-mono text-muted-foreground"
        title={writeArguments(call.input)}
      >
        {writeArguments(call.input)}
      </span>
      {call.progress && <ProgressText {...call.progress} />}
      <Icon aria-hidden className={`size-3.5 shrink-0 ${look}`} />
    </p>
  );
}

/** Shows a tool's own report of its progress: `3 of 10 · Counting`. */
function ProgressText({ progress, total, message }: Progress) {
  const count = total === undefined ? `${progress}` : `${progress} of ${total}`;
  return (
    <span className="max-w-1/2 shrink-0 truncate text-muted-foreground">
      {[count, message].filter(Boolean).join(" · ")}
    </span>
  );
}

/** Arguments as one reads them: `query: backups, topK: 3`. */
function writeArguments(input: unknown): string {
  if (typeof input !== "object" || input === null) return "";
  return Object.entries(input)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
