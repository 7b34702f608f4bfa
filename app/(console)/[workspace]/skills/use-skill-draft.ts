"use client";
import { useCallback, useState } from "react";
import * as v from "valibot";
import { SKILL_FILE } from "#/agents/skills/skill-folder.ts";
import { useKept } from "#/app/_ui/use-kept.ts";
import { useRestedCheck } from "../_definition/use-check.ts";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import type { CheckedSkill } from "./check-skill.ts";

type Files = Readonly<Record<string, string>>;

/** The files as somebody has written them, and the newest version that they knew when they began. */
const Written = v.object({ files: v.record(v.string(), v.string()), basedOn: v.number() });
type Written = v.InferOutput<typeof Written>;

interface Begin {
  /** Of the skill that is edited; undefined for a new one. */
  readonly name: string | undefined;
  readonly files: Files;
  readonly basedOn: number;
}

export interface SkillDraft extends Written {
  readonly isChanged: boolean;
  /** The mistakes in its SKILL.md, or its name; undefined until it has been looked at. */
  readonly checked: CheckedSkill | undefined;
  readonly write: (path: string, text: string) => void;
  readonly remove: (path: string) => void;
  /** Goes back to what was stored. */
  readonly discard: () => void;
}

const check = async (text: string) => (await import("./check-skill.ts")).checkSkill(text);

/** The files of a skill while somebody writes them. What is not saved outlives the page, in this browser. */
export function useSkillDraft({ name, files: stored, basedOn }: Begin): SkillDraft {
  const workspace = useWorkspace();
  // As it was when the page opened: a version that comes while somebody writes is not what they have read.
  const [begun] = useState<Written>({ files: stored, basedOn });
  const [written, setWritten] = useState(begun);
  const isChanged = written !== begun;
  useKept(`skill:${workspace.id}:${name ?? ""}`, isChanged ? written : undefined, (kept) => {
    const read = v.safeParse(Written, kept);
    if (read.success && SKILL_FILE in read.output.files) setWritten(read.output);
  });
  const change = (files: Files) => setWritten((before) => ({ ...before, files }));
  return {
    ...written,
    isChanged,
    checked: useRestedCheck(written.files[SKILL_FILE] ?? "", check),
    write: (path, text) => change({ ...written.files, [path]: text }),
    remove: (path) =>
      change(Object.fromEntries(Object.entries(written.files).filter(([one]) => one !== path))),
    discard: useCallback(() => setWritten(begun), [begun]),
  };
}
