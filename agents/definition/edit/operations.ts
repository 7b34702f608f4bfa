import type { Path } from "#/agents/definition/edit/change.ts";
import type { NoteColor } from "#/agents/definition/format/canvas-layout.ts";
import type { JsonObject } from "#/lib/json-object.ts";

/** A step of the definition's graph, or, with `map`, of what that map does for each item. */
interface StepRef {
  readonly step: string;
  readonly map?: string;
}

interface Ends {
  readonly from: string;
  readonly to: string;
  readonly map?: string;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface NoteLook {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly color?: NoteColor | undefined;
}

/** Everything that can be done to a definition. Plain data, so that it can be sent and kept. */
export type Operation =
  | ({ readonly do: "addStep"; readonly fields: JsonObject } & StepRef)
  /** With its edges, the ways that lead to it when another step fails, and its position. */
  | ({ readonly do: "removeStep" } & StepRef)
  /** Edges, expressions and the position follow. */
  | ({ readonly do: "renameStep"; readonly to: string } & StepRef)
  /** Into the same graph, without edges. */
  | ({ readonly do: "duplicateStep"; readonly as: string } & StepRef)
  /** Among the keys of the text; without `before`, to their end. */
  | ({ readonly do: "moveStep"; readonly before?: string } & StepRef)
  | ({ readonly do: "connect"; readonly if?: string; readonly max?: number } & Ends)
  | ({ readonly do: "disconnect" } & Ends)
  /** Of a step, or without `step` of the definition. */
  | ({ readonly do: "setField"; readonly field: Path; readonly value: unknown } & Partial<StepRef>)
  | ({ readonly do: "unsetField"; readonly field: Path } & Partial<StepRef>)
  | ({ readonly do: "setPosition" } & StepRef & Point)
  | ({ readonly do: "addNote"; readonly note: string; readonly text: string } & NoteLook & Point)
  | { readonly do: "removeNote"; readonly note: string };

export type OperationName = Operation["do"];
