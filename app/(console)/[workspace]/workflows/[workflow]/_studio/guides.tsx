"use client";
import { ViewportPortal } from "@xyflow/react";
import type { HelperLine } from "./helper-lines.ts";

/** Draws the lines along which what is moved lies with others. */
export function Guides({ lines }: { readonly lines: readonly HelperLine[] }) {
  return (
    <ViewportPortal>
      {lines.map(({ axis, at, from, to }) => (
        <div
          key={`${axis} ${at}`}
          data-guide={axis}
          className="pointer-events-none absolute z-50 bg-accent"
          style={
            axis === "x"
              ? { left: at, top: from, width: 1, height: to - from }
              : { left: from, top: at, width: to - from, height: 1 }
          }
        />
      ))}
    </ViewportPortal>
  );
}
