import {
  BookOpen,
  type DrawnIcon,
  GraduationCap,
  Inbox,
  Play,
  Plug,
  Settings,
  StickyNote,
  Workflow,
  Wrench,
  Zap,
} from "#/app/_ui/icons.tsx";
import type { Permission } from "#/lib/auth/permissions.ts";
import type { ShortcutId } from "../_keys/shortcuts.ts";

interface Place {
  readonly path: string;
  readonly label: string;
  readonly icon: DrawnIcon;
  /** The key that goes there. */
  readonly shortcut: ShortcutId;
  readonly needs?: Permission;
  /** Beside wide pages only: the bar below narrow ones has no room for it, and the page of tools leads there. */
  readonly isWideOnly?: true;
}

/** The places of the console, in the order in which they are shown. */
export const PLACES: readonly Place[] = [
  { path: "runs", label: "Runs", icon: Play, shortcut: "go:runs", needs: "runs:read" },
  { path: "inbox", label: "Inbox", icon: Inbox, shortcut: "go:inbox", needs: "runs:read" },
  {
    path: "workflows",
    label: "Workflows",
    icon: Workflow,
    shortcut: "go:workflows",
    needs: "workflows:read",
  },
  {
    path: "knowledge",
    label: "Knowledge",
    icon: BookOpen,
    shortcut: "go:knowledge",
    needs: "documents:read",
  },
  {
    path: "memory",
    label: "Memory",
    icon: StickyNote,
    shortcut: "go:memory",
    needs: "memories:read",
    isWideOnly: true,
  },
  { path: "tools", label: "Tools", icon: Wrench, shortcut: "go:tools", needs: "workflows:read" },
  {
    path: "skills",
    label: "Skills",
    icon: GraduationCap,
    shortcut: "go:skills",
    needs: "workflows:read",
    isWideOnly: true,
  },
  {
    path: "mcp",
    label: "MCP servers",
    icon: Plug,
    shortcut: "go:mcp",
    needs: "connections:read",
    isWideOnly: true,
  },
  { path: "triggers", label: "Triggers", icon: Zap, shortcut: "go:triggers", needs: "triggers:read" },
  { path: "settings", label: "Settings", icon: Settings, shortcut: "go:settings" },
];
