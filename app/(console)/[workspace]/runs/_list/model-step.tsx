"use client";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { ChecklistStep } from "./checklist-step.tsx";

const VARIABLES = ["LLM_BASE_URL", "LLM_API_KEY", "LLM_MODEL"] as const;

export function ModelStep() {
  const { model, modelNote } = useWorkspace();
  return (
    <ChecklistStep title="Connect your language model" done={modelNote === null}>
      {modelNote === null ? (
        <p>
          Workflows use <code className="font-mono text-xs text-foreground">{model}</code>.
        </p>
      ) : (
        <>
          <p>
            For now, an offline model answers by quoting your documents. To use a real one, set these
            variables and restart Cairn. Any OpenAI-compatible endpoint works.
          </p>
          <ul className="mt-1.5 flex flex-wrap gap-1.5">
            {VARIABLES.map((name) => (
              <li key={name}>
                <code className="rounded border border-border bg-muted px-1.5 py-0.5 font-mono text-xs text-foreground">
                  {name}
                </code>
              </li>
            ))}
          </ul>
        </>
      )}
    </ChecklistStep>
  );
}
