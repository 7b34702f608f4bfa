import {
  BookOpen,
  Bot,
  Braces,
  CodeXml,
  CornerDownLeft,
  Database,
  Flag,
  Globe,
  Hourglass,
  type DrawnIcon,
  Play,
  Puzzle,
  Repeat,
  Sparkle,
  Split,
  StickyNote,
  UserCheck,
  Users,
  Workflow,
  Wrench,
} from "#/app/_ui/icons.tsx";
import type { StepTypeName } from "#/agents/steps/table.ts";

/** The group of the palette that a step stands in. */
export type StepGroup = "Think" | "Ask a person" | "Steer" | "Do";
export const STEP_GROUPS: readonly StepGroup[] = ["Think", "Ask a person", "Steer", "Do"];

interface StepLook {
  readonly icon: DrawnIcon;
  readonly group: StepGroup;
  /** A model is at work in it: the one thing that has a colour of its own. */
  readonly isModel?: boolean;
}

/** The look of every type of step. */
export const STEP_LOOK: Readonly<Record<StepTypeName, StepLook>> = {
  llm: { icon: Sparkle, group: "Think", isModel: true },
  agent: { icon: Bot, group: "Think", isModel: true },
  crew: { icon: Users, group: "Think", isModel: true },
  route: { icon: Split, group: "Think", isModel: true },
  approval: { icon: UserCheck, group: "Ask a person" },
  map: { icon: Repeat, group: "Steer" },
  wait: { icon: Hourglass, group: "Steer" },
  workflow: { icon: Workflow, group: "Steer" },
  http: { icon: Globe, group: "Do" },
  code: { icon: CodeXml, group: "Do" },
  search: { icon: BookOpen, group: "Do" },
  tool: { icon: Wrench, group: "Do" },
  store: { icon: Database, group: "Do" },
  set: { icon: Braces, group: "Do" },
  respond: { icon: CornerDownLeft, group: "Do" },
};

/** Every type of step that can be added. */
export const STEP_NAMES = Object.keys(STEP_LOOK).filter(isStepType);

/** Tells whether a name is that of a type of step. */
export function isStepType(name: string): name is StepTypeName {
  return Object.hasOwn(STEP_LOOK, name);
}

/** What stands on the canvas besides steps. */
const OTHERS: Readonly<Record<string, DrawnIcon>> = { input: Play, output: Flag, note: StickyNote };
const BY_NAME: Readonly<Record<string, StepLook | undefined>> = STEP_LOOK;

/** The icon of a type of step, also of one that this version does not know. */
export function lookOfStep(type: string): { readonly icon: DrawnIcon; readonly isModel: boolean } {
  const { icon, isModel = false } = BY_NAME[type] ?? { icon: OTHERS[type] ?? Puzzle };
  return { icon, isModel };
}
