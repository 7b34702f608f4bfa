import {
  BookOpen,
  type DrawnIcon,
  GraduationCap,
  Inbox,
  Play,
  Plug,
  Settings,
  Workflow,
  Wrench,
  Zap,
} from "#/app/_ui/icons.tsx";

interface Place {
  readonly path: string;
  readonly label: string;
  readonly icon: DrawnIcon;
  /** Pressed after g it goes there. */
  readonly key: string;
  /** Beside wide pages only: the bar below narrow ones has no room for it, and the page of tools leads there. */
  readonly isWideOnly?: true;
}

/** The places of the console, in the order in which they are shown. */
export const PLACES: readonly Place[] = [
  { path: "runs", label: "Runs", icon: Play, key: "r" },
  { path: "inbox", label: "Inbox", icon: Inbox, key: "i" },
  { path: "workflows", label: "Workflows", icon: Workflow, key: "w" },
  { path: "knowledge", label: "Knowledge", icon: BookOpen, key: "k" },
  { path: "tools", label: "Tools", icon: Wrench, key: "o" },
  { path: "skills", label: "Skills", icon: GraduationCap, key: "l", isWideOnly: true },
  { path: "mcp", label: "MCP servers", icon: Plug, key: "m", isWideOnly: true },
  { path: "triggers", label: "Triggers", icon: Zap, key: "t" },
  { path: "settings", label: "Settings", icon: Settings, key: "s" },
];
