"use client";
import dynamic from "next/dynamic";
import { type ComponentProps, useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { CornerDownLeft, Play } from "#/app/_ui/icons.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { useRunEstimate } from "../../../_data/runs.ts";
import { EstimateLine } from "../../../_start/run-estimate.tsx";
import { type Tried, useTryStart } from "./use-try-start.ts";

const PinDialog = dynamic(() => import("./pin-dialog.tsx").then((module) => module.PinDialog));
const AloneDialog = dynamic(() => import("./alone-dialog.tsx").then((module) => module.AloneDialog));

interface StepTriesProps extends Tried {
  readonly step: string;
  readonly title: string;
  /** The run that the canvas shows has been at this step: the draft can go on from there. */
  readonly wasReached: boolean;
  /** What it gave there. */
  readonly output: unknown;
}

/** What can be tried of a chosen step: it alone, or the rest of the draft from it. */
export function StepTries({ step, title, wasReached, output, ...tried }: StepTriesProps) {
  const [isAsking, setAsking] = useState(false);
  const close = () => setAsking(false);
  return (
    <section aria-label="Try this step" className="grid gap-2 border-t border-line px-4 py-2.5">
      <p className="flex flex-wrap gap-2">
        <Button onClick={() => setAsking(tried.trial.isReady())}>
          <Play aria-hidden /> Run this step…
        </Button>
        {wasReached && tried.trial.runId !== undefined && (
          <ContinueButton key={tried.trial.runId} {...tried} step={step} run={tried.trial.runId} />
        )}
        <PinButton step={step} title={title} pins={tried.trial.pins} output={output} />
      </p>
      {isAsking && <AloneDialog {...closeWhenTold(tried, close)} step={step} title={title} onClose={close} />}
    </section>
  );
}

type PinButtonProps = Omit<ComponentProps<typeof PinDialog>, "onClose">;

function PinButton(props: PinButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const isPinned = Object.hasOwn(props.pins.values, props.step);
  return (
    <>
      <Button onClick={() => setAsking(true)} title="Tries take a kept output instead of running the step">
        {isPinned ? "Pinned output…" : "Pin output…"}
      </Button>
      {isAsking && <PinDialog {...props} onClose={() => setAsking(false)} />}
    </>
  );
}

/** The window is done when the run is there, or the draft has to be mended first. */
function closeWhenTold(tried: Tried, close: () => void): Tried {
  const { show, refuse } = tried.trial;
  const trial = {
    ...tried.trial,
    show: (runId: string | undefined) => {
      close();
      show(runId);
    },
    refuse: (problems: Parameters<typeof refuse>[0]) => {
      close();
      refuse(problems);
    },
  };
  return { ...tried, trial };
}

interface ContinueButtonProps extends Tried {
  readonly step: string;
  readonly run: string;
}

/** Goes on from where the step began in the run that is shown, with the draft as it is now. What is likely to be dear asks first, as every start does. */
function ContinueButton({ step, run, ...tried }: ContinueButtonProps) {
  const { send, isPending, problem } = useTryStart(tried);
  const { data: estimate, refetch } = useRunEstimate(tried.workflowId);
  const [consent, setConsent] = useState(false);
  const go = () => {
    // Refused may be what costs more by now than was known here.
    if (tried.trial.isReady()) void send({ from: { run, step }, consent }, () => void refetch());
  };
  const isAsked = estimate?.needsConsent === true;
  return (
    <>
      <Button
        pending={isPending}
        disabled={isAsked && !consent}
        title="With what that run had done by then: nothing of it is paid for again"
        onClick={go}
      >
        <CornerDownLeft aria-hidden /> Run from here
      </Button>
      {isAsked && <EstimateLine estimate={estimate} consent={consent} onConsent={setConsent} />}
      {problem !== undefined && (
        <Notice tone="bad" title="Couldn’t go on from here" className="w-full">
          {problem}
        </Notice>
      )}
    </>
  );
}
