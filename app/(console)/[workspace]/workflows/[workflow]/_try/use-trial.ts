import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import { writeAddress } from "#/app/_ui/write-address.ts";
import type { Problem } from "#/lib/http/wire.ts";
import type { Draft } from "../use-draft.ts";
import type { Pins } from "./pins.ts";

/** The trying of a draft: the window that asks for its input, and the run whose results the canvas shows. */
export interface Trial {
  /** The window is open. */
  readonly isAsking: boolean;
  /** Tells whether the draft can be tried now, and people why not. */
  readonly isReady: () => boolean;
  /** Opens it. @returns false when the draft cannot be tried now, which people are told */
  readonly ask: () => boolean;
  readonly leave: () => void;
  readonly pins: Pins;
  /** The run whose results are shown. The address names it, so that they are there again after a reload. */
  readonly runId: string | undefined;
  readonly show: (runId: string | undefined) => void;
  /** What the server has found wrong with the draft as it is now. */
  readonly refused: readonly Problem[];
  readonly refuse: (problems: readonly Problem[]) => void;
}

const NONE: readonly Problem[] = [];

/** Tries a draft that has these problems; undefined while they are not known. */
export function useTrial(draft: Draft, problems: readonly unknown[] | undefined, pins: Pins): Trial {
  const runId = useSearchParams().get("try") ?? undefined;
  const [isAsking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<{ readonly text: string; readonly problems: readonly Problem[] }>();
  const hindrance = findHindrance(draft, problems?.length ?? 0);
  const isReady = () => {
    if (hindrance !== undefined) toast.error(hindrance);
    return hindrance === undefined;
  };
  return {
    isAsking,
    isReady,
    ask: () => {
      const canTry = isReady();
      setAsking(canTry);
      return canTry;
    },
    leave: () => setAsking(false),
    pins,
    runId,
    show: (shown) => {
      setAsking(false);
      writeAddress({ try: shown });
    },
    refused: refusal?.text === draft.text ? refusal.problems : NONE,
    refuse: (found) => {
      setAsking(false);
      setRefusal({ text: draft.text, problems: found });
      toast.error(sayProblems(found.length));
    },
  };
}

function findHindrance({ conflict }: Draft, problems: number): string | undefined {
  if (conflict) return "Choose whose changes to keep first, then try it.";
  return problems > 0 ? sayProblems(problems) : undefined;
}

const sayProblems = (count: number) =>
  `${count === 1 ? "A problem keeps" : `${count} problems keep`} the draft from being run. Fix what is listed below, then try it.`;
