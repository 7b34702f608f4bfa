import { type RefObject, useDeferredValue, useRef, useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Checkbox, FieldSet, Input } from "#/app/_ui/field.tsx";
import { X } from "#/app/_ui/icons.tsx";
import { SegmentedControl } from "#/app/_ui/segmented-control.tsx";
import { MOST_WORKFLOWS } from "#/operations/api-keys/contract.ts";
import { useFoundWorkflows, useWorkflows } from "../../_data/workflows.ts";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { type ChosenWorkflow, isFull } from "./key-draft.ts";
import type { KeyFieldProps } from "./permissions-field.tsx";

const PLACES = [
  { value: "all", label: "All workflows" },
  { value: "single", label: "Single workflows" },
] as const;

const ABOUT_SINGLE = "It reaches these workflows, their runs and approvals, and nothing else.";

/** Where the key may do it: everywhere, or in workflows that are searched for and chosen. */
export function WorkflowsField(props: KeyFieldProps) {
  return useWorkspace().isPlain ? <PlainWorkflows {...props} /> : <SearchedWorkflows {...props} />;
}

/** Without scripts nothing can be searched for: the workflows that were changed last, to tick. */
function PlainWorkflows({ draft, onChange }: KeyFieldProps) {
  const workflows = draft.workflows ?? [];
  const found = useWorkflows(false).data?.items ?? [];
  const tick = (one: ChosenWorkflow, isTicked: boolean) => {
    const others = workflows.filter(({ id }) => id !== one.id);
    const chosen = isTicked ? [...others, one] : others;
    onChange({ workflows: chosen.length > 0 ? chosen : undefined });
  };
  return (
    <FieldSet label="Where" hint={`${ABOUT_SINGLE} Tick none for all workflows.`}>
      <div className="grid max-h-44 gap-x-4 gap-y-1 overflow-y-auto rounded-md border border-border px-3 py-2 sm:grid-cols-2">
        {found.map(({ id, name }) => (
          <Checkbox
            key={id}
            name="workflow"
            value={id}
            checked={workflows.some((one) => one.id === id)}
            onChange={({ target }) => tick({ id, name }, target.checked)}
          >
            {name}
          </Checkbox>
        ))}
      </div>
    </FieldSet>
  );
}

function SearchedWorkflows({ draft, onChange }: KeyFieldProps) {
  const { workflows } = draft;
  return (
    <FieldSet label="Where" hint={workflows && ABOUT_SINGLE}>
      <div className="flex">
        <SegmentedControl
          label="Where"
          options={PLACES}
          value={workflows ? "single" : "all"}
          onChange={(place) => onChange({ workflows: place === "all" ? undefined : (workflows ?? []) })}
        />
      </div>
      {workflows && (
        <WorkflowChoice
          chosen={workflows}
          isFull={isFull(draft)}
          onChange={(chosen) => onChange({ workflows: chosen })}
        />
      )}
    </FieldSet>
  );
}

interface WorkflowChoiceProps {
  readonly chosen: readonly ChosenWorkflow[];
  readonly isFull: boolean;
  readonly onChange: (chosen: readonly ChosenWorkflow[]) => void;
}

function WorkflowChoice({ chosen, isFull: full, onChange }: WorkflowChoiceProps) {
  const [search, setSearch] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const remove = (id: string) => onChange(chosen.filter((one) => one.id !== id));
  return (
    <div className="mt-1.5 flex flex-col gap-2">
      <ChosenWorkflows chosen={chosen} searchField={field} onRemove={remove} />
      <Input
        ref={field}
        type="search"
        aria-label="Search workflows"
        placeholder="Search workflows"
        value={search}
        maxLength={200}
        // Enter searches; it does not make the key.
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
        onChange={({ target }) => setSearch(target.value)}
      />
      <FoundWorkflows
        search={useDeferredValue(search.trim())}
        chosen={chosen}
        isFull={full}
        onAdd={(workflow) => onChange([...chosen, workflow])}
        onRemove={remove}
      />
      {full && (
        <output className="text-xs">A key can be limited to {MOST_WORKFLOWS} workflows at most.</output>
      )}
    </div>
  );
}

interface ChosenWorkflowsProps extends Pick<WorkflowChoiceProps, "chosen"> {
  /** Gets the focus when a workflow is taken out, whose button is gone then. */
  readonly searchField: RefObject<HTMLInputElement | null>;
  readonly onRemove: (id: string) => void;
}

function ChosenWorkflows({ chosen, searchField, onRemove }: ChosenWorkflowsProps) {
  if (chosen.length === 0) return null;
  return (
    <ul aria-label="Chosen workflows" className="flex flex-wrap gap-1.5">
      {chosen.map(({ id, name }) => (
        <li key={id} className="min-w-0">
          <input type="hidden" name="workflow" value={id} />
          <Button
            aria-label={`Remove ${name}`}
            className="max-w-full"
            onClick={() => {
              onRemove(id);
              searchField.current?.focus();
            }}
          >
            <span className="truncate">{name}</span> <X aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  );
}

interface FoundWorkflowsProps extends Omit<WorkflowChoiceProps, "onChange"> {
  readonly search: string;
  readonly onAdd: (workflow: ChosenWorkflow) => void;
  readonly onRemove: (id: string) => void;
}

function FoundWorkflows({ search, chosen, isFull: full, onAdd, onRemove }: FoundWorkflowsProps) {
  const { data, error } = useFoundWorkflows(search);
  if (error)
    return (
      <p role="alert" className="text-xs text-bad">
        {describeError(error)}
      </p>
    );
  const isChosen = (id: string) => chosen.some((one) => one.id === id);
  return (
    <ul
      aria-label="Found workflows"
      className="max-h-44 divide-y divide-border overflow-y-auto rounded-md border border-border"
    >
      {data?.items.map(({ id, name }) => (
        <li key={id} className="px-3 py-1.5">
          <Checkbox
            checked={isChosen(id)}
            disabled={full && !isChosen(id)}
            onChange={({ target }) => (target.checked ? onAdd({ id, name }) : onRemove(id))}
          >
            {name}
          </Checkbox>
        </li>
      ))}
      {data?.items.length === 0 && (
        <li className="px-3 py-2 text-muted-foreground">
          {search === "" ? "There are no workflows yet." : "No workflow has a name with these words."}
        </li>
      )}
      {data && data.nextCursor !== null && (
        <li className="px-3 py-1.5 text-xs text-muted-foreground">There are more. Search for their names.</li>
      )}
    </ul>
  );
}
