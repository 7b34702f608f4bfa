"use client";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { toast } from "#/app/_ui/toast.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { useCreateWorkflow } from "../../_data/workflows.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import type { Template } from "#/agents/definition/templates/template.ts";

interface TemplateCard extends Omit<Template, "wishes"> {
  /** Its size, and whether somebody is asked. */
  readonly facts: string;
  readonly picture: ReactNode;
}

/** Templates as cards with a picture of their path. One press makes a draft and opens it. */
export function TemplateCards({ templates }: { readonly templates: readonly TemplateCard[] }) {
  const router = useRouter();
  const path = useWorkspacePath();
  const create = useCreateWorkflow();
  const choose = ({ name, text }: TemplateCard) =>
    create.mutate(
      { name, definition: text },
      {
        onSuccess: ({ id }) => router.push(path("workflows", id)),
        onError: (error) => toast.error(describeError(error)),
      },
    );
  return (
    <ul className="grid gap-4 @xl:grid-cols-2 @3xl:grid-cols-3 @6xl:grid-cols-4">
      {templates.map((template) => (
        <li key={template.name}>
          <button
            type="button"
            disabled={create.isPending || create.isSuccess}
            onClick={() => choose(template)}
            className="flex h-full w-full flex-col overflow-hidden rounded-lg border border-line bg-raised text-left transition-[border-color,box-shadow] duration-(--fast) hover:border-accent hover:shadow-float disabled:opacity-60"
          >
            <span className="grid h-26 w-full shrink-0 place-items-center border-b border-line bg-well bg-[radial-gradient(var(--dot)_0.75px,transparent_0.9px)] bg-size-[12px_12px] p-1">
              {template.picture}
            </span>
            <span className="flex flex-1 flex-col gap-0.5 px-3 pt-2.5 pb-3">
              <span className="font-semibold tracking-tight">{template.name}</span>
              <span className="text-xs text-ink-2">{template.about}</span>
              <span className="mt-auto pt-1.5 text-2xs text-ink-3">{template.facts}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
