"use client";
import { useMemo, useRef } from "react";
import { type Change, compareDefinitions } from "#/agents/definition/compare/compare.ts";
import { parseText } from "#/agents/definition/format/parse.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { toLabel } from "#/lib/label.ts";
import { compareFlows, type Fate } from "../../../_canvas/compare-flows.ts";
import { FATE_LOOK } from "../../../_canvas/fate-look.ts";
import { GraphPicture } from "../../../_canvas/flow-picture.tsx";
import { keysOfPointer } from "../../../_canvas/pointer.ts";
import type { Meeting } from "./meetings.tsx";

interface CanvasChangesProps {
  /** The text of the published version; undefined where none is. */
  readonly before: string | undefined;
  readonly after: string;
  /** The paths on which all three sides of the rule of two meet. */
  readonly meetings: readonly Meeting[];
  /** Its height. */
  readonly className?: string;
}

/** The draft as a graph, coloured by what has become of each part since the published version, with a line for each of these changes. */
export function CanvasChanges({ before, after, meetings, className = "h-64 sm:h-72" }: CanvasChangesProps) {
  const list = useRef<HTMLUListElement>(null);
  const { compared, parts } = useMemo(() => compareTexts(before, after), [before, after]);
  const overlay = useMemo(
    () => ({
      fates: compared.nodes,
      wayFates: compared.edges,
      problems: new Map(meetings.flatMap(markSteps)),
      path: new Set(meetings.flatMap(({ steps = [] }) => listPairs(steps))),
    }),
    [compared, meetings],
  );
  const open = (node: string) => {
    const line = list.current?.querySelector<HTMLDetailsElement>(`[data-node="${CSS.escape(node)}"]`);
    if (!line) return;
    line.open = true;
    line.querySelector("summary")?.focus();
  };
  return (
    <>
      <div className={cn("overflow-hidden rounded-md border border-line bg-ground", className)}>
        <GraphPicture graph={compared.graph} overlay={overlay} label="Changes of this draft" onOpen={open} />
      </div>
      {before !== undefined && parts.length === 0 && (
        <p className="mt-2">
          Runs do the same as before: only notes, the layout or comments have changed. Publish it to show them
          with the version.
        </p>
      )}
      <ul ref={list} aria-label="Changes" className="mt-2 divide-y divide-line">
        {parts.map((part) => (
          <li key={part.name}>
            <PartLine part={part} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** A part of a definition with everything that has become of it. */
interface ChangedPart {
  readonly name: string;
  readonly label: string;
  readonly node: string | undefined;
  readonly fate: Fate;
  readonly changes: readonly Change[];
}

function compareTexts(before: string | undefined, after: string) {
  const [old, now] = [before === undefined ? undefined : readText(before), readText(after)];
  // Nothing is published yet: everything is new, and nothing is worth a colour.
  return old === undefined
    ? { compared: compareFlows(now, now), parts: [] }
    : { compared: compareFlows(old, now), parts: listParts(compareDefinitions(old, now)) };
}

function readText(text: string): JsonObject {
  const parsed = parseText(text);
  return parsed.ok && isJsonObject(parsed.document) ? parsed.document : {};
}

/** The layout is drawn and not told. */
const UNTOLD: ReadonlySet<string> = new Set(["ui", "toolPins"]);
const NAMED: ReadonlySet<string> = new Set(["steps", "agents", "state", "edges", "tasks"]);

function listParts(changes: readonly Change[]): readonly ChangedPart[] {
  const told = changes.filter(({ path }) => !UNTOLD.has(keysOfPointer(path)[0] ?? ""));
  return [...Map.groupBy(told, ({ path }) => namePart(path))].map(([name, own]) => {
    const [group = "", part] = keysOfPointer(name);
    return {
      name,
      label: part === undefined ? toLabel(group) : `${SINGULAR[group] ?? group} ${part}`,
      node: group === "steps" || group === "tasks" ? part : NODES[group],
      fate: own.length === 1 && own[0]?.path === name ? own[0].kind : "changed",
      changes: own,
    };
  });
}

const SINGULAR: Readonly<Record<string, string>> = {
  steps: "Step",
  agents: "Agent",
  state: "State",
  edges: "Edge",
  tasks: "Task",
};
/** The nodes that show other parts of a definition. */
const NODES: Readonly<Record<string, string>> = { input: "start", output: "end" };

/** Names the part of a definition that a change is in: a step, an edge, or a field of the definition itself. */
function namePart(path: string): string {
  const [group = ""] = keysOfPointer(path);
  return `/${path
    .split("/")
    .slice(1, NAMED.has(group) ? 3 : 2)
    .join("/")}`;
}

const listPairs = (steps: readonly string[]): readonly string[] =>
  steps.slice(1).map((to, index) => `${steps[index]}>${to}`);

/** Says on each node of a path what it has to do with it. */
function markSteps({ steps = [] }: Meeting): readonly (readonly [string, string])[] {
  const last = steps.at(-1);
  return steps.map((step) => [step, step === last ? "Acts without an approval" : `On the path to ${last}`]);
}

function PartLine({ part: { label, node, fate, changes } }: { readonly part: ChangedPart }) {
  const { mark, tone, label: word } = FATE_LOOK[fate];
  return (
    <details data-node={node} className="group">
      <summary className="flex min-h-8 cursor-pointer items-center gap-2 rounded-sm py-1 touch-target">
        <span aria-hidden className={cn("w-5 shrink-0 rounded-sm text-center font-mono text-xs", tone)}>
          {mark}
        </span>
        <span className="min-w-0 flex-1 truncate">{label}</span>
        <span className="text-xs text-ink-3">{word}</span>
      </summary>
      <dl className="grid gap-2 pb-2 pl-7">
        {changes.map((change) => (
          <FieldChange
            key={change.path}
            change={change}
            isWhole={changes.length === 1 && fate !== "changed"}
          />
        ))}
      </dl>
    </details>
  );
}

interface FieldChangeProps {
  readonly change: Change;
  /** The part itself has come or gone: there is no field to name. */
  readonly isWhole: boolean;
}

function FieldChange({ change: { path, before, after }, isWhole }: FieldChangeProps) {
  return (
    <div>
      <dt className={cn("text-xs font-medium", isWhole && "sr-only")}>
        {toLabel(keysOfPointer(path).at(-1) ?? "")}
      </dt>
      <dd className="grid gap-1">
        {before !== undefined && <Side element="del" value={before} look={FATE_LOOK.removed.tone} />}
        {after !== undefined && <Side element="ins" value={after} look={FATE_LOOK.added.tone} />}
      </dd>
    </div>
  );
}

interface SideProps {
  readonly element: "ins" | "del";
  readonly value: unknown;
  readonly look: string;
}

function Side({ element: Element, value, look }: SideProps) {
  return (
    <Element
      className={cn(
        "block max-h-48 overflow-auto rounded-md px-2 py-1 font-mono text-xs/5 break-words whitespace-pre-wrap no-underline",
        look,
      )}
    >
      {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
    </Element>
  );
}
