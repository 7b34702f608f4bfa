import { Badge } from "#/app/_ui/badge.tsx";
import { formatBytes, formatDuration } from "#/app/_ui/format.ts";
import { FileText } from "#/app/_ui/icons.tsx";
import { JsonView } from "#/app/_ui/json-view.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { RichValue } from "#/app/_ui/rich-value.tsx";
import { StateGlyph } from "#/app/_ui/state-glyph.tsx";
import { lookOf, StatusBadge } from "#/app/_ui/status-badge.tsx";
import { isJsonObject } from "#/lib/json-object.ts";
import type { StepLog } from "#/operations/runs/contract.ts";
import { readEnding } from "../timeline.ts";
import { listMessages, type LoggedMessage } from "./messages.ts";
import { isThere, textIn } from "./step-facts.ts";

interface LinesProps {
  readonly lines: readonly StepLog[];
}

/** Shows the messages to and from the model, turn by turn. */
export function MessagesTab({ lines }: LinesProps) {
  return (
    <ol className="flex flex-col gap-3">
      {lines.map((line) => (
        <li key={line.seq} className="flex flex-col gap-2">
          {listMessages(line).map((message, place) => (
            // oxlint-disable-next-line react/no-array-index-key -- a line of the log never changes
            <Message key={place} {...message} />
          ))}
        </li>
      ))}
    </ol>
  );
}

function Message({ who, value, files, isModel }: LoggedMessage) {
  return (
    <section className={isModel ? "border-l-2 border-tarn pl-3" : "border-l-2 border-line-2 pl-3"}>
      <h4 className="mb-0.5 text-xs font-medium text-ink-3">{who}</h4>
      {isThere(value) && <RichValue value={value} what={`words of ${who}`} />}
      {files.length > 0 && (
        <ul aria-label="Files" className="mt-1.5 flex flex-wrap gap-1.5">
          {files.map(({ name, bytes }) => (
            <li key={name}>
              <Badge>
                <FileText aria-hidden className="size-3.5 shrink-0" />
                <span className="max-w-64 truncate" title={name}>
                  {name}
                </span>
                {bytes !== undefined && <span className="text-ink-3">{formatBytes(bytes)}</span>}
              </Badge>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The tools that were called, with what they were given and what they answered. */
export function ToolsTab({ lines }: LinesProps) {
  return (
    <ol className="flex flex-col">
      {lines.map((line) => (
        <li key={line.seq} className="border-t border-line py-2.5 first:border-0 first:pt-0">
          <p className="mb-1.5 flex items-center justify-between gap-3">
            <code className="min-w-0 truncate font-mono text-xs font-medium">
              {textIn(line.input, "tool")}
            </code>
            <span className="flex items-center gap-3 text-xs text-ink-3">
              {line.status !== "succeeded" && <StatusBadge status={readEnding(line)} />}
              {line.durationMs !== null && formatDuration(line.durationMs)}
            </span>
          </p>
          <div className="flex flex-col gap-1.5">
            {isJsonObject(line.input) && isThere(line.input["input"]) && (
              <JsonView value={line.input["input"]} what="arguments" />
            )}
            {line.error ? (
              <p className="text-fail-text">{line.error.message}</p>
            ) : (
              isThere(line.output) && <JsonView value={line.output} what="answer of the tool" />
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

interface AttemptsProps extends LinesProps {
  /** The line of the log that the address names. */
  readonly chosen: number | undefined;
  readonly onChoose: (seq: number | undefined) => void;
}

/** Every try, with why it failed; each has an address of its own. */
export function AttemptsTab({ lines, chosen, onChoose }: AttemptsProps) {
  return (
    <ol>
      {lines.map((line) => (
        <li key={line.seq} className="border-t border-line first:border-0">
          <button
            type="button"
            aria-expanded={line.seq === chosen}
            onClick={() => onChoose(line.seq === chosen ? undefined : line.seq)}
            className="grid min-h-8 w-full grid-cols-[1rem_3.5rem_minmax(0,1fr)_auto] items-center gap-2 text-left touch-target hover:bg-hover"
          >
            <StateGlyph glyph={lookOf(readEnding(line)).glyph} />
            <span className="font-medium">{`Try ${line.attempt}`}</span>
            <span className="truncate text-ink-2">
              {line.error?.message ?? lookOf(readEnding(line)).label}
            </span>
            <span className="text-xs text-ink-3">
              {line.durationMs === null ? "" : formatDuration(line.durationMs)}
            </span>
          </button>
          {line.seq === chosen && <OneAttempt line={line} />}
        </li>
      ))}
    </ol>
  );
}

function OneAttempt({ line: { error, input, output } }: { readonly line: StepLog }) {
  return (
    <div className="flex flex-col gap-2 pb-3 pl-6">
      {error && (
        <Notice tone="bad" title={error.code}>
          {error.message}
        </Notice>
      )}
      {isThere(input) && <JsonView value={input} what="input of this try" />}
      {isThere(output) && <RichValue value={output} what="output of this try" />}
    </div>
  );
}

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** The lines of the log as they were stored. */
export function LogsTab({ lines }: LinesProps) {
  return (
    <ol className="font-mono text-xs/5">
      {lines.map((line) => (
        <li key={line.seq} className="flex gap-3 border-t border-line py-1 first:border-0">
          <time dateTime={line.at} suppressHydrationWarning className="shrink-0 text-ink-3">
            {clock.format(new Date(line.at))}
          </time>
          <span className="min-w-0 break-words">
            {`#${line.seq} ${line.kind} ${line.status}`}
            <span className="text-ink-3">{` superstep ${line.superstep}`}</span>
            {line.error && <span className="block text-fail-text">{line.error.message}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
