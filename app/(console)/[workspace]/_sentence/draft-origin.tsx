import { Notice } from "#/app/_ui/notice.tsx";
import type { DraftedDefinition } from "#/operations/definitions/contract.ts";

/** Tells who has written a draft, and what is still wrong with it. */
export function DraftOrigin({ drafted }: { readonly drafted: DraftedDefinition }) {
  const { problems, warnings } = drafted;
  return (
    <>
      {drafted.by === "template" ? <FromTemplate {...drafted} /> : <p>{drafted.summary}</p>}
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
