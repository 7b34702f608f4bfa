"use client";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { SKILL_FILE } from "#/agents/skills/skill-folder.ts";
import { Button, buttonLook } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { UsedSkill } from "#/operations/skills/contract.ts";
import { ProblemList } from "../_definition/problem-list.tsx";
import type { TextEditorHandle } from "../_definition/text-editor.tsx";
import { useStoreSkill } from "../_data/skills.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { EditorFiles } from "./editor-files.tsx";
import { SaveProblem } from "./save-problem.tsx";
import { SkillNotices } from "./skill-notices.tsx";
import { type SkillDraft, useSkillDraft } from "./use-skill-draft.ts";

const MarkdownEditor = dynamic(
  () => import("./markdown-editor.tsx").then((module) => module.MarkdownEditor),
  {
    ssr: false,
    loading: () => <output className="p-4 text-ink-3">Opening the text…</output>,
  },
);

interface SkillEditorProps {
  /** The newest version of the skill that is edited; undefined for a new one. */
  readonly skill: UsedSkill | undefined;
  /** The texts to begin with. */
  readonly files: Readonly<Record<string, string>>;
  readonly basedOn: number;
}

/** A skill while it is written: its files, what is wrong with them, and what saving them does. */
export function SkillEditor({ skill, files, basedOn }: SkillEditorProps) {
  const draft = useSkillDraft({ name: skill?.name, files, basedOn });
  const { save, isPending, error } = useSave(skill?.name, draft);
  const path = useWorkspacePath();
  const [chosen, setShown] = useState(SKILL_FILE);
  const shown = chosen in draft.files ? chosen : SKILL_FILE;
  const isReady = draft.checked?.problems.length === 0;
  return (
    <>
      <PageHeader
        title={skill ? <span className="break-all">Edit {skill.name}</span> : "New skill"}
        description={
          skill ? `Saving makes version ${draft.basedOn + 1}.` : "A SKILL.md, and the files that it names."
        }
        actions={
          <>
            <Link href={skill ? path("skills", skill.name) : path("skills")} className={buttonLook()}>
              Cancel
            </Link>
            {draft.isChanged && <Button onClick={draft.discard}>Discard changes</Button>}
            <Button variant="primary" pending={isPending} disabled={!isReady} onClick={() => save("next")}>
              Save
            </Button>
          </>
        }
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <WrittenFile draft={draft} shown={shown} onShow={setShown} onSave={() => isReady && save("next")} />
        <div className="flex min-w-0 flex-col gap-4">
          <SaveProblem
            error={error}
            skill={skill?.name}
            pending={isPending}
            onSaveAnyway={() => save("over")}
          />
          <SkillNotices skill={skill} draft={draft} />
        </div>
      </div>
    </>
  );
}

/** Stores what was written: after the version that was read, or after whichever is the newest by now. */
function useSave(name: string | undefined, draft: SkillDraft) {
  const router = useRouter();
  const path = useWorkspacePath();
  const { mutate, isPending, error } = useStoreSkill();
  const { files, basedOn, checked, discard } = draft;
  const save = (how: "next" | "over") => {
    const isRenamed = checked?.name !== name;
    const after = isRenamed ? 0 : basedOn;
    mutate(
      { files, ...(how === "next" && { basedOn: after }) },
      {
        onSuccess: (stored) => {
          const isSame = stored.version === after;
          toast.success(isSame ? "Nothing has changed" : `${stored.name}: version ${stored.version}`);
          discard();
          router.push(path("skills", stored.name));
        },
      },
    );
  };
  return { save, isPending, error };
}

interface WrittenFileProps {
  readonly draft: SkillDraft;
  readonly shown: string;
  readonly onShow: (path: string) => void;
  readonly onSave: () => void;
}

function WrittenFile({ draft, shown, onShow, onSave }: WrittenFileProps) {
  const editor = useRef<TextEditorHandle>(null);
  const problems = shown === SKILL_FILE ? draft.checked?.problems : [];
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Card aria-label="Text" className="flex min-w-0 flex-col overflow-hidden">
        <EditorFiles draft={draft} shown={shown} onShow={onShow} />
        <div className="flex h-[min(32rem,60dvh)] min-h-0 flex-col">
          <MarkdownEditor
            key={shown}
            handle={editor}
            label={shown}
            text={draft.files[shown] ?? ""}
            problems={problems}
            onType={(text) => draft.write(shown, text)}
            onSave={onSave}
          />
        </div>
      </Card>
      <ProblemList
        praise="It fits the format."
        problems={draft.checked?.problems}
        warnings={[]}
        onGo={(line) => {
          onShow(SKILL_FILE);
          editor.current?.goTo(line);
        }}
      />
    </div>
  );
}
