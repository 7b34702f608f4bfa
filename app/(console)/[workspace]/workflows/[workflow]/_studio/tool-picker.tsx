"use client";
import { readSkillToolName } from "#/agents/skills/skill-tool-name.ts";
import { Select } from "#/app/_ui/field.tsx";
import { useTools } from "../../../_data/tools.ts";

interface ToolPickerProps {
  /** The names that are listed by now. */
  readonly listed: readonly string[];
  readonly onPick: (name: string) => void;
}

/** Adds a tool or a skill of the workspace to a list of tools. */
export function ToolPicker({ listed, onPick }: ToolPickerProps) {
  const { data } = useTools("");
  const names = (data?.items ?? []).map(({ name }) => name).filter((name) => !listed.includes(name));
  const skills = names.filter((name) => readSkillToolName(name));
  if (names.length === 0) return null;
  return (
    <Select
      aria-label="Add a tool or a skill"
      className="mt-1"
      value=""
      onChange={({ target }) => onPick(target.value)}
    >
      <option value="">Add a tool or a skill…</option>
      {skills.length > 0 && (
        <optgroup label="Skills">
          {skills.map((name) => (
            <option key={name} value={name}>
              {readSkillToolName(name)?.name}
            </option>
          ))}
        </optgroup>
      )}
      <optgroup label="Tools">
        {names
          .filter((name) => !skills.includes(name))
          .map((name) => (
            <option key={name}>{name}</option>
          ))}
      </optgroup>
    </Select>
  );
}
