"use client";
import { useEffect, useState } from "react";

const RENEW_MS = 1_000;

/** The time by the server's clock, renewed every second while it continues: what a browser's own clock says may be minutes off. */
export function useMoment(renderedAt: number, goesOn: boolean): number {
  const [passedMs, setPassedMs] = useState(0);
  useEffect(() => {
    if (!goesOn) return undefined;
    const begun = performance.now();
    const timer = setInterval(() => setPassedMs(performance.now() - begun), RENEW_MS);
    return () => clearInterval(timer);
  }, [goesOn]);
  return renderedAt + passedMs;
}
