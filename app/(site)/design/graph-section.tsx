"use client";
import dynamic from "next/dynamic";
import type { NodeState } from "../../(console)/[workspace]/_canvas/node-state.ts";
import { BAR_LOOK } from "../../(console)/[workspace]/runs/[run]/_waterfall/bars.tsx";
import { Sample, SampleSection } from "./sample.tsx";

/** As everywhere: the canvas is loaded when it is shown. */
const FlowPicture = dynamic(
  () => import("../../(console)/[workspace]/_canvas/flow-picture.tsx").then((module) => module.FlowPicture),
  { ssr: false },
);

const DOCUMENT = {
  kind: "graph",
  steps: {
    read: { type: "http", url: "https://example.com/orders" },
    sort: { type: "agent", prompt: "Sort the order" },
    ask: { type: "approval", title: "Refund?" },
    wait: { type: "wait", for: "2d" },
    pay: { type: "http", method: "POST", url: "https://example.com/pay" },
    note: { type: "set", values: { done: true } },
  },
  edges: [
    { from: "start", to: "read" },
    { from: "read", to: "sort" },
    { from: "sort", when: [{ if: "state.sort.isLarge", to: "ask" }], else: "wait" },
    { from: "ask", when: [{ if: "state.ask.action == 'approve'", to: "pay" }], else: "end" },
    { from: "pay", to: "end" },
    { from: "wait", to: "note" },
    { from: "note", to: "end" },
  ],
};

const STATES: ReadonlyMap<string, NodeState> = new Map([
  ["read", { glyph: "done", label: "Succeeded", line: "14 orders" }],
  ["sort", { glyph: "running", label: "Running", line: "Asks the model" }],
  ["ask", { glyph: "waiting", label: "Waiting for approval", line: "Refund 620 €?" }],
  ["wait", { glyph: "resting", label: "Waiting for a timer", line: "Until tomorrow" }],
  ["pay", { glyph: "failed", label: "Failed", line: "403 from example.com" }],
  ["note", { glyph: "skipped", label: "Skipped" }],
]);

/** Steps as nodes, by themselves and in a run, and the bars of a waterfall. */
export function GraphSection() {
  return (
    <SampleSection id="graph" title="Graphs and bars">
      <div className="grid gap-4 lg:grid-cols-2">
        <div className="h-96 overflow-hidden rounded-lg border border-line bg-ground">
          <FlowPicture document={DOCUMENT} label="A workflow" />
        </div>
        <div className="h-96 overflow-hidden rounded-lg border border-line bg-ground">
          <FlowPicture document={DOCUMENT} label="A workflow in a run" states={STATES} />
        </div>
      </div>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-5">
        {Object.entries(BAR_LOOK).map(([name, look]) => (
          <Sample key={name} label={name}>
            <i className={`block w-full ${look}`} />
          </Sample>
        ))}
      </div>
    </SampleSection>
  );
}
