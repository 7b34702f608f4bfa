"use client";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Dialog } from "#/app/_ui/dialog.tsx";
import { isTaken } from "./taken-keys.ts";
import { PLACES } from "./navigation.ts";
import { useWorkspacePath } from "./workspace-context.tsx";

/** The second key of "g r" counts this long after the first. */
const SEQUENCE_MS = 1_200;

/** Puts the cursor in the page's filter or search field. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>("#page [data-search]");
  field?.focus();
  return field !== null;
}

/** The keys of the console, and the window that lists them. */
export function Shortcuts() {
  const router = useRouter();
  const path = useWorkspacePath();
  const [helpOpen, setHelpOpen] = useState(false);
  const armedUntil = useRef(0);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      const place = Date.now() < armedUntil.current ? PLACES.find(({ key }) => key === event.key) : undefined;
      armedUntil.current = event.key === "g" ? Date.now() + SEQUENCE_MS : 0;
      if (place) router.push(path(place.path));
      else if (event.key === "?") setHelpOpen(true);
      else if (event.key !== "/" || !focusSearch()) return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [router, path]);

  return (
    <Dialog open={helpOpen} onClose={() => setHelpOpen(false)} title="Keyboard shortcuts">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2">
        {PLACES.map(({ key, label }) => (
          <Keys key={key} keys={["g", key]}>
            Go to {label}
          </Keys>
        ))}
        <Keys keys={["/"]}>Search or filter</Keys>
        <Keys keys={["j", "k"]}>Next or previous in the inbox</Keys>
        <Keys keys={["a"]}>Approve, or retry, in the inbox</Keys>
        <Keys keys={["e"]}>Edit what is proposed</Keys>
        <Keys keys={["r"]}>Reject, or dismiss</Keys>
        <Keys keys={["?"]}>Show keyboard shortcuts</Keys>
        <Keys keys={["Esc"]}>Close a dialog</Keys>
      </dl>
    </Dialog>
  );
}

function Keys({ keys, children }: { readonly keys: readonly string[]; readonly children: ReactNode }) {
  return (
    <>
      <dt className="flex gap-1">
        {keys.map((key) => (
          <kbd
            key={key}
            className="grid h-5 min-w-5 place-items-center rounded-sm border border-line-2 bg-sheet px-1 text-2xs font-medium text-ink-3"
          >
            {key}
          </kbd>
        ))}
      </dt>
      <dd>{children}</dd>
    </>
  );
}
