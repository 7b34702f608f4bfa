"use client";
import { DialogWindow } from "#/app/_ui/dialog-window.tsx";
import { Caps } from "./key-caps.tsx";
import { type Shortcut, SHORTCUTS, WHERE, type Where } from "./shortcuts.ts";

const PLACES = Object.entries(WHERE).map(([where, name]) => ({
  name,
  shortcuts: SHORTCUTS.filter((shortcut: { readonly where: Where }) => shortcut.where === where),
}));

/** Every key of the console, place by place, drawn from the table that the keys themselves are taken from. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <DialogWindow open onClose={onClose} title="Keyboard shortcuts" wide>
      <section
        // With the focus on it, the arrows scroll.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label="All shortcuts"
        className="gap-x-10 sm:columns-2"
      >
        {PLACES.map(({ name, shortcuts }) => (
          <section key={name} className="mb-5 break-inside-avoid-column">
            <h3 className="mb-1 text-xs font-medium text-ink-3">{name}</h3>
            <dl>
              {shortcuts.map((shortcut) => (
                <Line key={shortcut.id} shortcut={shortcut} />
              ))}
            </dl>
          </section>
        ))}
      </section>
    </DialogWindow>
  );
}

function Line({ shortcut: { keys, does } }: { readonly shortcut: Shortcut }) {
  return (
    <div className="flex min-h-7 items-center justify-between gap-4 border-b border-line py-1 last:border-0">
      <dt className="order-2 flex flex-wrap justify-end gap-x-2 gap-y-1">
        {keys.map((press) => (
          <span key={press} className="flex gap-1">
            <Caps keys={press} />
          </span>
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
