"use client";
import { useCallback, useEffect, useState } from "react";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import type { CheckedText, LocatedProblem } from "./check-text.ts";

/** Typing rests this long before the text is checked. */
const CHECK_AFTER_MS = 250;

/** Checks the text as it is being written and tells what it means; undefined until the first check is done, and without a text. */
export function useCheck(text: string | undefined, catalogue: Catalogue): CheckedText | undefined {
  const check = useCallback(
    async (written: string) => (await import("./check-text.ts")).checkText(written, catalogue),
    [catalogue],
  );
  return useRestedCheck(text, check);
}

/** Checks what is being written whenever it rests; undefined until the first check is done, and while there is nothing. Keep the identity of `check`. */
export function useRestedCheck<Written, Checked>(
  written: Written | undefined,
  check: (written: Written) => Promise<Checked>,
): Checked | undefined {
  const [checked, setChecked] = useState<Checked>();
  useEffect(() => {
    if (written === undefined) return undefined;
    let current = true;
    const run = async () => {
      const found = await check(written);
      if (current) setChecked(() => found);
    };
    const timer = setTimeout(() => void run(), CHECK_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [written, check]);
  return checked;
}

/** The lines that have a problem. */
export function listLines(problems: readonly LocatedProblem[] | undefined): ReadonlySet<number> {
  return new Set((problems ?? []).flatMap(({ line }) => (line === undefined ? [] : [line])));
}
