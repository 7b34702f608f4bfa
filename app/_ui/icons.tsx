import type { ComponentProps, ReactElement } from "react";
import sprite from "#/app/_ui/icons.svg";

/** A sign in the color of the text, hidden from screen readers unless it has a label of its own. */
export type DrawnIcon = (props: ComponentProps<"svg">) => ReactElement;

/** The address of the drawings: one file for the whole product, which a browser fetches once. */
const { src }: { readonly src: string } = sprite;

/** Draws a symbol of icons.svg. A new icon is its drawing there (from lucide.dev) and a line below. */
function drawIcon(symbol: string): DrawnIcon {
  return (props) => (
    <svg
      aria-hidden={props["aria-label"] === undefined}
      width={24}
      height={24}
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      {...props}
    >
      <use href={`${src}#${symbol}`} />
    </svg>
  );
}

export const AlignCenter = drawIcon("align-center-vertical");
export const AlignStart = drawIcon("align-start-vertical");
export const Archive = drawIcon("archive");
export const ArrowRight = drawIcon("arrow-right");
export const Ban = drawIcon("ban");
export const BookOpen = drawIcon("book-open");
export const Bot = drawIcon("bot");
export const Braces = drawIcon("braces");
export const Building2 = drawIcon("building-2");
export const CalendarClock = drawIcon("calendar-clock");
export const Check = drawIcon("check");
export const ChevronRight = drawIcon("chevron-right");
export const ChevronUp = drawIcon("chevron-up");
export const ChevronsUp = drawIcon("chevrons-up");
export const ChevronsUpDown = drawIcon("chevrons-up-down");
export const CircleAlert = drawIcon("circle-alert");
export const CircleCheck = drawIcon("circle-check");
export const CircleX = drawIcon("circle-x");
export const ClipboardPaste = drawIcon("clipboard-paste");
export const CloudUpload = drawIcon("cloud-upload");
export const Code = drawIcon("code");
export const CodeXml = drawIcon("code-xml");
export const Cog = drawIcon("cog");
export const Compass = drawIcon("compass");
export const Copy = drawIcon("copy");
export const CornerDownLeft = drawIcon("corner-down-left");
export const CornerLeftUp = drawIcon("corner-left-up");
export const Database = drawIcon("database");
export const Download = drawIcon("download");
export const Eye = drawIcon("eye");
export const EyeOff = drawIcon("eye-off");
export const FileText = drawIcon("file-text");
export const FileUp = drawIcon("file-up");
export const Flag = drawIcon("flag");
export const FlaskConical = drawIcon("flask-conical");
export const FoldHorizontal = drawIcon("fold-horizontal");
export const GitFork = drawIcon("git-fork");
export const Globe = drawIcon("globe");
export const GraduationCap = drawIcon("graduation-cap");
export const History = drawIcon("history");
export const Hourglass = drawIcon("hourglass");
export const Inbox = drawIcon("inbox");
export const Info = drawIcon("info");
export const Keyboard = drawIcon("keyboard");
export const KeyRound = drawIcon("key-round");
export const Link = drawIcon("link");
export const ListTree = drawIcon("list-tree");
export const LoaderCircle = drawIcon("loader-circle");
export const LockKeyhole = drawIcon("lock-keyhole");
export const LogOut = drawIcon("log-out");
export const Maximize = drawIcon("maximize");
export const MessageSquare = drawIcon("message-square");
export const Milestone = drawIcon("milestone");
export const Minus = drawIcon("minus");
export const Pause = drawIcon("pause");
export const Pencil = drawIcon("pencil");
export const Play = drawIcon("play");
export const Plug = drawIcon("plug");
export const Plus = drawIcon("plus");
export const Puzzle = drawIcon("puzzle");
export const Redo2 = drawIcon("redo-2");
export const Repeat = drawIcon("repeat");
export const RotateCcw = drawIcon("rotate-ccw");
export const RotateCw = drawIcon("rotate-cw");
export const Search = drawIcon("search");
export const Settings = drawIcon("settings");
export const Sparkle = drawIcon("sparkle");
export const Spread = drawIcon("align-horizontal-space-between");
export const Split = drawIcon("split");
export const StickyNote = drawIcon("sticky-note");
export const SunMoon = drawIcon("sun-moon");
export const Trash2 = drawIcon("trash-2");
export const TriangleAlert = drawIcon("triangle-alert");
export const Undo2 = drawIcon("undo-2");
export const UserCheck = drawIcon("user-check");
export const Users = drawIcon("users");
export const WandSparkles = drawIcon("wand-sparkles");
export const Webhook = drawIcon("webhook");
export const WifiOff = drawIcon("wifi-off");
export const Workflow = drawIcon("workflow");
export const Wrench = drawIcon("wrench");
export const X = drawIcon("x");
export const Zap = drawIcon("zap");
export const ZoomIn = drawIcon("zoom-in");
