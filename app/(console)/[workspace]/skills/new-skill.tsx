"use client";
import { useState } from "react";
import { SKILL_FILE } from "#/agents/skills/skill-folder.ts";
import { SkillEditor } from "./skill-editor.tsx";

const TEMPLATE = `---
name: 
description: 
---

`;

/** The form of a skill that there is not yet. */
export function NewSkill() {
  const [files] = useState({ [SKILL_FILE]: TEMPLATE });
  return <SkillEditor skill={undefined} files={files} basedOn={0} />;
}
