import type { JsonObject } from "#/lib/json-object.ts";
import type { NodeState } from "../../../_canvas/node-state.ts";
import { sayValue } from "./step-results.ts";

/** Returns what the nodes of pinned steps show: that they are not run, and what they give. */
export const pinStates = (pinned: JsonObject): ReadonlyMap<string, NodeState> =>
  new Map(Object.entries(pinned).map(([id, output]) => [id, showPin(output)]));

const showPin = (output: unknown): NodeState => ({
  glyph: "skipped",
  label: "Pinned",
  line: ["Pinned", sayValue(output)].filter(Boolean).join(" · "),
});
