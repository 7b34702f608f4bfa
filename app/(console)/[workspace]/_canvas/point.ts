import { isJsonObject } from "#/lib/json-object.ts";

/** A place on the canvas. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Further away nobody would find anything again. */
const FARTHEST = 1_000_000;

/** Reads a place; undefined for anything else. */
export function pointIn(value: unknown): Point | undefined {
  if (!isJsonObject(value)) return undefined;
  const { x, y } = value;
  return isNear(x) && isNear(y) ? { x, y } : undefined;
}

const isNear = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= FARTHEST;
