import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Decoration, EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The editor in the tokens of the design: it follows the theme by itself. */
const theme = EditorView.theme({
  "&": { height: "100%", fontSize: "12px", color: "var(--ink-2)", backgroundColor: "var(--sheet)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-geist-mono), ui-monospace, monospace", lineHeight: "20px" },
  ".cm-content": { caretColor: "var(--accent-text)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--accent-text)", borderLeftWidth: "1.5px" },
  ".cm-gutters": { backgroundColor: "var(--sheet)", color: "var(--ink-3)", border: "none", fontSize: "11px" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklab, var(--accent) 25%, transparent)",
  },
  ".cm-expression": { color: "var(--accent-text)" },
  ".cm-searchMatch, .cm-selectionMatch": { backgroundColor: "var(--mark)" },
  ".cm-matchingBracket": { backgroundColor: "var(--accent-soft)", color: "inherit" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    color: "var(--ink)",
    border: "1px solid var(--line-2)",
    borderRadius: "8px",
    boxShadow: "var(--shadow-3)",
  },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "inherit", fontSize: "12px", padding: "4px" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "4px 8px", borderRadius: "4px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--ink)",
  },
  ".cm-completionDetail": { color: "var(--ink-3)", fontStyle: "normal", marginLeft: "12px" },
  ".cm-completionMatchedText": { color: "var(--accent-text)", fontWeight: "600", textDecoration: "none" },
  ".cm-panels": { backgroundColor: "var(--well)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-textfield": { backgroundColor: "var(--raised)", borderColor: "var(--field)", borderRadius: "6px" },
  ".cm-button": {
    background: "var(--raised)",
    borderColor: "var(--line-2)",
    borderRadius: "6px",
    color: "var(--ink)",
  },
  ".cm-foldPlaceholder": { backgroundColor: "var(--press)", border: "none", color: "var(--ink-2)" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--fail) 1px",
    textUnderlineOffset: "3px",
  },
  ".cm-diagnostic": { padding: "4px 8px", borderLeft: "2px solid var(--fail)" },
  ".cm-diagnosticSource": { fontFamily: "var(--font-geist-mono), monospace", opacity: "0.7" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--ink)", fontWeight: "500" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--run-text)" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--ink-3)" },
]);

export const CODE_LOOK = [theme, syntaxHighlighting(colours)];

const matcher = new MatchDecorator({
  regexp: /\{\{[^}]*\}\}/g,
  decoration: Decoration.mark({ class: "cm-expression" }),
});

/** Colours what is filled in when a run comes there. */
export const expressionMarks = ViewPlugin.define(
  (view) => ({
    marks: matcher.createDeco(view),
    update(update: ViewUpdate) {
      this.marks = matcher.updateDeco(update, this.marks);
    },
  }),
  { decorations: ({ marks }) => marks },
);
