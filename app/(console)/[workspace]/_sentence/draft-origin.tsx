import { Notice } from "#/app/_ui/notice.tsx";
import { sayUsd } from "#/agents/engine/say-amount.ts";
import { formatCount } from "#/app/_ui/format.ts";
import type { DraftedDefinition } from "#/operations/definitions/contract.ts";

/** Tells who has written a draft, and what is still wrong with it. */
export function DraftOrigin({ drafted }: { readonly drafted: DraftedDefinition }) {
  const { problems, warnings } = drafted;
  return (
    <>
      {drafted.by === "template" ? <FromTemplate {...drafted} /> : <FromModel {...drafted} />}
      {problems.length > 0 && (
        <Notice tone="warn" title="It cannot be published yet">
          <Messages of={problems} />
        </Notice>
      )}
      {warnings.length > 0 && (
        <Notice tone="info" title="It can be published, but">
          <Messages of={warnings} />
        </Notice>
      )}
    </>
  );
}

type Template = Extract<DraftedDefinition, { by: "template" }>;

function FromTemplate({ template, isNear }: Template) {
  return (
    <Notice
      tone="info"
      title={
        isNear
          ? `Nearest template: “${template}”. No model is connected.`
          : "No template is near. No model is connected."
      }
    >
      {isNear
        ? "It was found by comparing words, not written for you. Connect a model under Settings → Connections, and a sentence becomes a draft of its own."
        : "This is the smallest workflow that runs. Connect a model under Settings → Connections, and a sentence becomes a draft of its own."}
    </Notice>
  );
}

type Written = Extract<DraftedDefinition, { by: "model" }>;

/** A model's own words, which are a claim, and what they have cost. */
function FromModel({ summary, model, use: { inputTokens, outputTokens, costUsd } }: Written) {
  const cost = costUsd > 0 ? [sayUsd(costUsd)] : [];
  const facts = [`Written by ${model}`, `${formatCount(inputTokens + outputTokens)} tokens`, ...cost];
  return (
    <div>
      <p className="break-words whitespace-pre-wrap">{summary}</p>
      <p className="text-xs text-ink-3">{facts.join(" · ")}</p>
    </div>
  );
}

/** As many as anybody reads. */
const MOST_TOLD = 5;

function Messages({ of: problems }: { readonly of: DraftedDefinition["problems"] }) {
  return (
    <ul className="list-disc pl-4">
      {problems.slice(0, MOST_TOLD).map(({ path, message }) => (
        <li key={`${path} ${message}`}>{message}</li>
      ))}
      {problems.length > MOST_TOLD && <li>{`and ${problems.length - MOST_TOLD} more`}</li>}
    </ul>
  );
}
