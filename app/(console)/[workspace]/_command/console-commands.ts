import {
  BookOpen,
  Building2,
  CalendarClock,
  CircleX,
  Database,
  FileUp,
  Flag,
  Hourglass,
  KeyRound,
  Link,
  LockKeyhole,
  Plug,
  Plus,
  Users,
  Webhook,
  Wrench,
} from "#/app/_ui/icons.tsx";
import { PLACES } from "../_shell/navigation.ts";
import type { Command } from "./command.ts";

type Place = Pick<Command, "id" | "label" | "picture" | "words" | "needs" | "shortcut"> & {
  readonly to: string;
};

/** Places inside pages, and what they are called else. */
const WITHIN: readonly Place[] = [
  {
    id: "connections",
    label: "Connections",
    picture: Link,
    to: "settings/connections",
    words: "accounts credentials provider models sign in settings",
    needs: "connections:read",
  },
  {
    id: "prices",
    label: "Prices of models",
    picture: Database,
    to: "settings/connections#prices",
    words: "cost tokens settings",
    needs: "workflows:read",
  },
  {
    id: "keys",
    label: "API keys",
    picture: KeyRound,
    to: "settings#api-keys",
    words: "create new revoke token settings",
    needs: "keys:write",
  },
  {
    id: "secrets",
    label: "Secrets",
    picture: LockKeyhole,
    to: "settings#secrets",
    words: "create new passwords settings",
    needs: "secrets:write",
  },
  {
    id: "members",
    label: "Members",
    picture: Users,
    to: "settings#members",
    words: "people team roles invite settings",
  },
  {
    id: "limits",
    label: "Limits",
    picture: Flag,
    to: "settings#limits",
    words: "budget spending cost month settings",
    needs: "runs:read",
  },
  {
    id: "notifications",
    label: "Notifications",
    picture: Hourglass,
    to: "settings#notifications",
    words: "phone devices push quiet hours settings",
  },
  {
    id: "storage",
    label: "Storage",
    picture: Database,
    to: "settings#storage",
    words: "retention keep delete days settings",
    needs: "runs:read",
  },
  {
    id: "deployment",
    label: "Deployment",
    picture: Building2,
    to: "settings#workspace",
    words: "model address rate limits settings",
  },
];

const DEEDS: readonly Place[] = [
  {
    id: "new-workflow",
    label: "New workflow",
    picture: Plus,
    to: "workflows/new",
    words: "create add template start draft sentence describe",
    needs: "workflows:write",
  },
  {
    id: "failed",
    label: "Show runs that failed",
    picture: CircleX,
    to: "runs?status=failed",
    words: "errors filter",
    needs: "runs:read",
  },
  {
    id: "waiting",
    label: "Show runs that wait",
    picture: Hourglass,
    to: "runs?status=waiting",
    words: "approvals paused filter",
    needs: "runs:read",
  },
  {
    id: "add-documents",
    label: "Add documents",
    picture: FileUp,
    to: "knowledge",
    words: "upload paste file pdf new",
    needs: "documents:write",
  },
  {
    id: "ask-documents",
    label: "Search in documents",
    picture: BookOpen,
    to: "knowledge#search",
    words: "passages find knowledge",
    needs: "documents:read",
  },
  {
    id: "new-webhook",
    label: "Add a webhook",
    picture: Webhook,
    to: "triggers#webhooks",
    words: "new create trigger event",
    needs: "triggers:write",
  },
  {
    id: "new-schedule",
    label: "Add a schedule",
    picture: CalendarClock,
    to: "triggers#schedules",
    words: "new create trigger cron time",
    needs: "triggers:write",
  },
  {
    id: "new-tool",
    label: "Add a tool",
    picture: Wrench,
    to: "tools",
    words: "new create import openapi http",
    needs: "workflows:write",
  },
  {
    id: "new-server",
    label: "Add an MCP server",
    picture: Plug,
    to: "mcp",
    words: "new create connect tools",
    needs: "connections:write",
  },
];

type MakePath = (...parts: readonly string[]) => string;

const lead = (places: readonly Place[], path: MakePath): readonly Command[] =>
  places.map(({ id, label, picture, words, needs, shortcut, to }) => ({
    id,
    label,
    picture,
    words,
    needs,
    shortcut,
    href: path(to),
  }));

const PAGES = PLACES.map(({ path, label, icon, shortcut, needs }): Place => ({
  id: path,
  label,
  picture: icon,
  shortcut,
  needs,
  to: path,
}));

/** Lists the pages of the console and the parts of them that people look for. */
export const listPlaces = (path: MakePath): readonly Command[] => lead([...PAGES, ...WITHIN], path);

/** Lists what can be done from every page. */
export const listDeeds = (path: MakePath): readonly Command[] => lead(DEEDS, path);
