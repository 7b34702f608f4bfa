"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { UsedSkill } from "#/operations/skills/contract.ts";
import { useDeleteSkill } from "../_data/skills.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { countWorkflows } from "./skill-words.ts";

interface DeleteSkillProps {
  readonly skill: UsedSkill;
}

/** Asks before a skill is deleted, and says which workflows that would break. */
export function DeleteSkill({ skill: { name, workflows } }: DeleteSkillProps) {
  const router = useRouter();
  const path = useWorkspacePath();
  const remove = useDeleteSkill();
  const [asking, setAsking] = useState(false);
  const confirm = () =>
    remove.mutate(name, {
      onSuccess: () => {
        toast.success(`${name} is deleted`);
        router.push(path("skills"));
      },
    });
  const names = new Map(workflows.map(({ id, name: workflow }) => [id, workflow]));
  return (
    <>
      <Button onClick={() => setAsking(true)}>Delete</Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Delete ${name}?`}
        description="All its versions go, and cannot be had back."
      >
        <div className="flex flex-col gap-3">
          {names.size > 0 && (
            <Notice tone="warn" title={`This breaks ${countWorkflows(names.size)}`}>
              <p>Their runs fail when they come to it, and they cannot be published while they name it:</p>
              <ul className="mt-1 max-h-40 list-disc overflow-y-auto pl-4">
                {[...names].map(([id, workflow]) => (
                  <li key={id} className="break-words">
                    {workflow}
                  </li>
                ))}
              </ul>
            </Notice>
          )}
          {remove.error && (
            <Notice tone="bad" title="It was not deleted">
              {describeError(remove.error)}
            </Notice>
          )}
        </div>
        <DialogActions>
          <Button onClick={() => setAsking(false)}>Cancel</Button>
          <Button variant="danger" pending={remove.isPending} onClick={confirm}>
            Delete
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
