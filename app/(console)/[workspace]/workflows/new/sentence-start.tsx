"use client";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { toast } from "#/app/_ui/toast.ts";
import { useKept } from "#/app/_ui/use-kept.ts";
import type { DraftedDefinition } from "#/operations/definitions/contract.ts";
import { useCreateWorkflow } from "../../_data/workflows.ts";
import { DraftOrigin } from "../../_sentence/draft-origin.tsx";
import { SentenceForm } from "../../_sentence/sentence-form.tsx";
import { useDrafting } from "../../_sentence/use-drafting.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";

/** High enough to read the names of eight steps. */
const PICTURE_HEIGHT = "h-96 sm:h-144";

/** The canvas comes with the first draft. */
const CanvasChanges = dynamic(
  () => import("../[workflow]/_publish/canvas-changes.tsx").then((module) => module.CanvasChanges),
  {
    ssr: false,
    loading: () => <div className={`rounded-md border border-line bg-ground ${PICTURE_HEIGHT}`} />,
  },
);

const EXAMPLE =
  "When a support mail comes in, sort it, draft an answer from our documents, let me approve it, and send it";

/** A new workflow from a sentence: what comes of it is looked at before it is made. */
export function SentenceStart() {
  const [sentence, setSentence] = useState("");
  useKept("sentence-new", sentence === "" ? undefined : sentence, (kept) => {
    if (typeof kept === "string") setSentence(kept);
  });
  const { ask, drafted, clear, ...standing } = useDrafting();
  return (
    <Card className="mb-6 flex flex-col gap-4 p-4">
      <SentenceForm
        {...standing}
        label="What should it do?"
        example={EXAMPLE}
        action="Draft it"
        sentence={sentence}
        onSentence={setSentence}
        onAsk={() => ask({ sentence })}
        onStop={clear}
      />
      {drafted && (
        <NewDraft
          key={drafted.definition}
          drafted={drafted}
          onDiscard={clear}
          onCreated={() => setSentence("")}
        />
      )}
    </Card>
  );
}

interface NewDraftProps {
  readonly drafted: DraftedDefinition;
  readonly onDiscard: () => void;
  readonly onCreated: () => void;
}

function NewDraft({ drafted, onDiscard, onCreated }: NewDraftProps) {
  const router = useRouter();
  const path = useWorkspacePath();
  const create = useCreateWorkflow();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { name, definition } = drafted;
  const accept = () =>
    create.mutate(
      { name, definition },
      {
        onSuccess: ({ id }) => {
          onCreated();
          router.push(path("workflows", id));
        },
        onError: (error) => toast.error(describeError(error)),
      },
    );
  return (
    <section aria-label="Draft" className="flex flex-col gap-3 border-t border-line pt-4">
      <h2 ref={heading} tabIndex={-1} className="font-semibold tracking-tight">
        {name}
      </h2>
      <DraftOrigin drafted={drafted} />
      <CanvasChanges before={undefined} after={definition} meetings={[]} className={PICTURE_HEIGHT} />
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" pending={create.isPending || create.isSuccess} onClick={accept}>
          Create workflow
        </Button>
        <Button onClick={onDiscard}>Discard</Button>
      </div>
    </section>
  );
}
