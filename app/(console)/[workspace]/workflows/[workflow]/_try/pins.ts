import { valueAtPointer } from "../../../_canvas/pointer.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** Outputs that tries of a draft take instead of running their steps. They are one person's, stay in this browser, and are no part of the draft. */
export interface Pins {
  readonly values: JsonObject;
  /** Pins the output of a step; undefined has the step run again. */
  readonly pin: (step: string, output: unknown) => void;
}

/** Returns the pins of steps that a draft has. One that was renamed or deleted keeps its pin in case it comes back. */
export function readPins(document: unknown, { values }: Pins): JsonObject {
  const steps = valueAtPointer(document, "/steps");
  if (!isJsonObject(steps)) return {};
  return Object.fromEntries(Object.entries(values).filter(([step]) => Object.hasOwn(steps, step)));
}
