"use client";
import { Plus, Trash2 } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import { isPlainPath, SKILL_FILE, SKILL_LIMITS } from "#/agents/skills/skill-folder.ts";
import { Button } from "#/app/_ui/button.tsx";
import { DialogActions, Dialog } from "#/app/_ui/dialog.tsx";
import { Field, Input } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { FileTabs } from "./file-tabs.tsx";
import type { SkillDraft } from "./use-skill-draft.ts";

interface EditorFilesProps {
  readonly draft: SkillDraft;
  readonly shown: string;
  readonly onShow: (path: string) => void;
}

/** The files of a skill that is being written: more can come, and all but its SKILL.md can go. */
export function EditorFiles({ draft, shown, onShow }: EditorFilesProps) {
  const [adding, setAdding] = useState(false);
  const paths = Object.keys(draft.files);
  const add = (path: string) => {
    draft.write(path, "");
    onShow(path);
    setAdding(false);
  };
  return (
    <header className="flex flex-wrap items-center justify-between gap-2 border-b border-border px-3 py-2">
      <FileTabs paths={paths} shown={shown} onShow={onShow}>
        <Button variant="ghost" onClick={() => setAdding(true)} disabled={paths.length >= SKILL_LIMITS.files}>
          <Plus aria-hidden /> Add file
        </Button>
      </FileTabs>
      {shown !== SKILL_FILE && (
        <Button
          variant="ghost"
          size="icon"
          aria-label={`Remove ${shown}`}
          title="Remove"
          onClick={() => draft.remove(shown)}
        >
          <Trash2 aria-hidden />
        </Button>
      )}
      <Dialog open={adding} onClose={() => setAdding(false)} title="Add file">
        <NewFile paths={paths} onAdd={add} onCancel={() => setAdding(false)} />
      </Dialog>
    </header>
  );
}

interface NewFileProps {
  readonly paths: readonly string[];
  readonly onAdd: (path: string) => void;
  readonly onCancel: () => void;
}

function NewFile({ paths, onAdd, onCancel }: NewFileProps) {
  const [path, setPath] = useState("");
  const [problem, setProblem] = useState<string>();
  const submit = () => {
    const found = findPathProblem(path.trim(), paths);
    setProblem(found);
    if (found === undefined) onAdd(path.trim());
  };
  return (
    <Form onSubmit={submit}>
      <Field label="Path" hint="Agents read it by this name: tell them when in SKILL.md." error={problem}>
        {(wiring) => (
          <Input
            {...wiring}
            value={path}
            placeholder="references/tax.md"
            autoComplete="off"
            onChange={({ target }) => setPath(target.value)}
          />
        )}
      </Field>
      <DialogActions>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary">
          Add
        </Button>
      </DialogActions>
    </Form>
  );
}

function findPathProblem(path: string, paths: readonly string[]): string | undefined {
  if (path === "") return "A file needs a path.";
  if (!isPlainPath(path))
    return "Letters of English, digits, spaces and . _ - + ( ), with / between folders.";
  return paths.includes(path) ? "There is such a file already." : undefined;
}
