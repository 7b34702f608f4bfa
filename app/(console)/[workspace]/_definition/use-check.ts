"use client";
import { useEffect, useState } from "react";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import type { CheckedText, LocatedProblem } from "./check-text.ts";

/** Typing rests this long before the text is checked. */
const CHECK_AFTER_MS = 250;

/** Checks the text as it is being written and tells what it means; undefined until the first check is done, and without a text. */
export function useCheck(text: string | undefined, catalogue: Catalogue): CheckedText | undefined {
  const [checked, setChecked] = useState<CheckedText>();
  useEffect(() => {
    if (text === undefined) return undefined;
    let current = true;
    const check = async () => {
      const { checkText } = await import("./check-text.ts");
      if (current) setChecked(checkText(text, catalogue));
    };
    const timer = setTimeout(() => void check(), CHECK_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, catalogue]);
  return checked;
}

/** The lines that have a problem. */
export function listLines(problems: readonly LocatedProblem[] | undefined): ReadonlySet<number> {
  return new Set((problems ?? []).flatMap(({ line }) => (line === undefined ? [] : [line])));
}
