"use client";
import { useRouter } from "next/navigation";
import { toast } from "#/app/_ui/toast.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { useCreateWorkflow } from "../../_data/workflows.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { type Template, TEMPLATES } from "./templates.ts";

export function TemplateCards() {
  const router = useRouter();
  const path = useWorkspacePath();
  const create = useCreateWorkflow();
  const choose = ({ name, text }: Template) =>
    create.mutate(
      { name, definition: text },
      {
        onSuccess: ({ id }) => router.push(path("workflows", id)),
        onError: (error) => toast.error(describeError(error)),
      },
    );
  return (
    <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {TEMPLATES.map((template) => (
        <li key={template.name}>
          <button
            type="button"
            disabled={create.isPending || create.isSuccess}
            onClick={() => choose(template)}
            className="h-full w-full rounded-lg border border-border bg-card p-4 text-left transition-colors hover:border-primary/60 hover:bg-hover disabled:opacity-60"
          >
            <span className="block font-semibold">{template.name}</span>
            <span className="block text-muted-foreground">{template.about}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
