/** The place where a key holds: the whole console, a kind of page, or a part of one that has the focus. */
export type Where =
  | "everywhere"
  | "window"
  | "bar"
  | "inbox"
  | "runs"
  | "run"
  | "timeline"
  | "studio"
  | "canvas"
  | "find"
  | "text"
  | "skill";

/** The places in the order in which they are told, by the names that people know. */
export const WHERE: Readonly<Record<Where, string>> = {
  everywhere: "Everywhere",
  window: "Windows",
  bar: "Find or do",
  inbox: "Inbox",
  runs: "Runs",
  run: "A run",
  timeline: "Timeline of a run",
  studio: "Studio",
  canvas: "Canvas",
  find: "Find on the canvas",
  text: "YAML",
  skill: "A file of a skill",
};

export interface Shortcut {
  readonly id: string;
  /**
   * Keys that do the same. `Mod` is ⌘ on Apple's machines and Ctrl elsewhere, a space stands between keys that are pressed one after the other. A
   * letter is the key it stands on, any other sign is what it comes to: `?` may need Shift or not.
   */
  readonly keys: readonly string[];
  readonly does: string;
  readonly where: Where;
  /** Also while somebody writes in a field. */
  readonly whileTyping?: true;
}

/**
 * Every key of the console, and nothing else says which keys there are: listeners, hints on buttons, the help and the manual are made from it. Those of
 * `bar`, `canvas` and some of `text` are told only: the libraries there listen for them.
 */
export const SHORTCUTS = [
  { id: "bar", keys: ["Mod+K"], does: "Find or do anything", where: "everywhere", whileTyping: true },
  { id: "help", keys: ["?"], does: "Show keyboard shortcuts", where: "everywhere" },
  { id: "search", keys: ["/"], does: "Search or filter the page", where: "everywhere" },
  { id: "go:runs", keys: ["G R"], does: "Go to runs", where: "everywhere" },
  { id: "go:inbox", keys: ["G I"], does: "Go to the inbox", where: "everywhere" },
  { id: "go:workflows", keys: ["G W"], does: "Go to workflows", where: "everywhere" },
  { id: "go:knowledge", keys: ["G K"], does: "Go to knowledge", where: "everywhere" },
  { id: "go:memory", keys: ["G E"], does: "Go to memory", where: "everywhere" },
  { id: "go:tools", keys: ["G O"], does: "Go to tools", where: "everywhere" },
  { id: "go:skills", keys: ["G L"], does: "Go to skills", where: "everywhere" },
  { id: "go:triggers", keys: ["G T"], does: "Go to triggers", where: "everywhere" },
  { id: "go:mcp", keys: ["G M"], does: "Go to MCP servers", where: "everywhere" },
  { id: "go:settings", keys: ["G S"], does: "Go to settings", where: "everywhere" },
  { id: "window.close", keys: ["Escape"], does: "Close it", where: "window" },

  { id: "bar.next", keys: ["ArrowDown"], does: "Next line", where: "bar" },
  { id: "bar.previous", keys: ["ArrowUp"], does: "Previous line", where: "bar" },
  { id: "bar.open", keys: ["Enter"], does: "Open or do it", where: "bar" },
  { id: "bar.openBeside", keys: ["Mod+Enter"], does: "Open it in a new tab", where: "bar" },
  { id: "bar.things", keys: ["@"], does: "Find things only", where: "bar" },
  { id: "bar.commands", keys: [">"], does: "Find commands only", where: "bar" },

  { id: "inbox.next", keys: ["J"], does: "Next question or failed run", where: "inbox" },
  { id: "inbox.previous", keys: ["K"], does: "Previous one", where: "inbox" },
  { id: "inbox.approve", keys: ["A"], does: "Approve, or retry", where: "inbox" },
  { id: "inbox.edit", keys: ["E"], does: "Edit what is proposed", where: "inbox" },
  { id: "inbox.reject", keys: ["R"], does: "Reject, or dismiss", where: "inbox" },
  { id: "inbox.leave", keys: ["Escape"], does: "Leave a field", where: "inbox", whileTyping: true },

  { id: "runs.start", keys: ["N"], does: "Start a run", where: "runs" },
  { id: "runs.next", keys: ["J"], does: "Next run", where: "runs" },
  { id: "runs.previous", keys: ["K"], does: "Previous run", where: "runs" },
  { id: "runs.open", keys: ["Enter"], does: "Open the run", where: "runs" },
  { id: "runs.mark", keys: ["X"], does: "Mark the run", where: "runs" },

  { id: "run.next", keys: ["J"], does: "Next line of the timeline", where: "run" },
  { id: "run.previous", keys: ["K"], does: "Previous line of the timeline", where: "run" },

  { id: "timeline.next", keys: ["ArrowDown"], does: "Next line", where: "timeline" },
  { id: "timeline.previous", keys: ["ArrowUp"], does: "Previous line", where: "timeline" },
  { id: "timeline.first", keys: ["Home"], does: "First line", where: "timeline" },
  { id: "timeline.last", keys: ["End"], does: "Last line", where: "timeline" },
  { id: "timeline.in", keys: ["ArrowRight"], does: "Open a line, go into it", where: "timeline" },
  { id: "timeline.out", keys: ["ArrowLeft"], does: "Close a line, go out of it", where: "timeline" },
  { id: "timeline.read", keys: ["Enter"], does: "Read about the line", where: "timeline" },

  { id: "studio.add", keys: ["N"], does: "Add a step", where: "studio" },
  { id: "studio.say", keys: ["S"], does: "Change the draft by a sentence", where: "studio" },
  { id: "studio.note", keys: ["Shift+S"], does: "Add a note", where: "studio" },
  { id: "studio.edit", keys: ["E"], does: "Edit the chosen step or note", where: "studio" },
  { id: "studio.connect", keys: ["C"], does: "Connect the chosen step", where: "studio" },
  { id: "studio.remove", keys: ["Delete", "Backspace"], does: "Remove what is chosen", where: "studio" },
  { id: "studio.copy", keys: ["Mod+C"], does: "Copy", where: "studio" },
  { id: "studio.cut", keys: ["Mod+X"], does: "Cut", where: "studio" },
  { id: "studio.paste", keys: ["Mod+V"], does: "Paste, also into another workflow", where: "studio" },
  { id: "studio.duplicate", keys: ["Mod+D"], does: "Duplicate", where: "studio" },
  { id: "studio.selectAll", keys: ["Mod+A"], does: "Choose all steps", where: "studio" },
  { id: "studio.undo", keys: ["Mod+Z"], does: "Undo, on the canvas and in the text", where: "studio" },
  { id: "studio.redo", keys: ["Mod+Shift+Z", "Mod+Y"], does: "Redo", where: "studio" },
  { id: "studio.find", keys: ["Mod+F"], does: "Find on the canvas", where: "studio" },
  { id: "studio.zoomIn", keys: ["Plus", "="], does: "Zoom in", where: "studio" },
  { id: "studio.zoomOut", keys: ["-"], does: "Zoom out", where: "studio" },
  { id: "studio.fit", keys: ["F"], does: "Zoom to fit", where: "studio" },
  { id: "studio.arrange", keys: ["L"], does: "Arrange the steps", where: "studio" },
  { id: "studio.save", keys: ["Mod+S"], does: "Save now", where: "studio", whileTyping: true },
  { id: "studio.try", keys: ["T"], does: "Try the draft", where: "studio" },
  {
    id: "studio.close",
    keys: ["Escape"],
    does: "Leave a field, or choose nothing",
    where: "studio",
    whileTyping: true,
  },

  { id: "canvas.step", keys: ["Tab"], does: "Next step", where: "canvas" },
  { id: "canvas.choose", keys: ["Enter"], does: "Choose the step", where: "canvas" },
  {
    id: "canvas.move",
    keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
    does: "Move what is chosen",
    where: "canvas",
  },
  { id: "canvas.several", keys: ["Shift+Drag"], does: "Choose several steps", where: "canvas" },

  { id: "find.next", keys: ["Enter", "ArrowDown"], does: "Next hit", where: "find" },
  { id: "find.previous", keys: ["Shift+Enter", "ArrowUp"], does: "Previous hit", where: "find" },
  { id: "find.close", keys: ["Escape"], does: "Close it and choose the hit", where: "find" },

  { id: "text.complete", keys: ["Ctrl+Space"], does: "Complete", where: "text" },
  { id: "text.find", keys: ["Mod+F"], does: "Find", where: "text" },
  { id: "text.leave", keys: ["Escape Tab"], does: "Leave the text", where: "text" },

  { id: "skill.save", keys: ["Mod+S"], does: "Save the draft", where: "skill" },
] as const satisfies readonly Shortcut[];

export type ShortcutId = (typeof SHORTCUTS)[number]["id"];

/** The ids of the shortcuts of one place, such as `studio`. */
export type ShortcutsOf<Place extends Where> = Extract<
  (typeof SHORTCUTS)[number],
  { readonly where: Place }
>["id"];

/** The shortcut of an id. */
export function shortcutOf(id: ShortcutId): Shortcut {
  const found = SHORTCUTS.find((one) => one.id === id);
  if (!found) throw new Error(`No shortcut is called ${id}.`);
  return found;
}
