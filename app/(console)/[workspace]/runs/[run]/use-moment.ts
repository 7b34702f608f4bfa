"use client";
import { useEffect, useState } from "react";

/** The time by the server's clock, renewed every so often, or never for 0: what a browser's own clock says may be minutes off. */
export function useMoment(renderedAt: number, everyMs: number): number {
  const [passedMs, setPassedMs] = useState(0);
  useEffect(() => {
    if (everyMs === 0) return undefined;
    const begun = performance.now();
    const timer = setInterval(() => setPassedMs(performance.now() - begun), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return renderedAt + passedMs;
}
