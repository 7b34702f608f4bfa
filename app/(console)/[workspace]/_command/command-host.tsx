"use client";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useState } from "react";
import { Search } from "#/app/_ui/icons.tsx";
import { useShortcuts } from "../_keys/use-shortcuts.ts";
import { PLACES } from "../_shell/navigation.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { BAR_FIELD, BAR_HEAD, BAR_HINT, BAR_PLACE, BAR_WINDOW } from "./bar-look.ts";
import { useCommandBar } from "./bar-store.ts";

/** Loaded when they open for the first time. */
const CommandBar = lazy(() => import("./command-bar.tsx").then((module) => ({ default: module.CommandBar })));
const ShortcutSheet = lazy(() =>
  import("../_keys/shortcut-sheet.tsx").then((module) => ({ default: module.ShortcutSheet })),
);
const StartRunDialog = lazy(() =>
  import("../_start/start-run-dialog.tsx").then((module) => ({ default: module.StartRunDialog })),
);

/** Puts the cursor in the page's filter or search field. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>("#page [data-search]");
  field?.focus();
  return field !== null;
}

/** The keys that hold everywhere in the console, and the windows that they open. */
export function CommandHost() {
  const router = useRouter();
  const path = useWorkspacePath();
  const [hasHelp, setHelp] = useState(false);
  const { opening, open, close, starting, startRun } = useCommandBar();
  useShortcuts({
    bar: open,
    help: () => setHelp(true),
    search: focusSearch,
    ...Object.fromEntries(
      PLACES.map(({ path: place, shortcut }) => [shortcut, () => router.push(path(place))] as const),
    ),
  });
  return (
    <>
      {opening && <Bar {...opening} onHelp={() => setHelp(true)} onClosed={close} />}
      <Suspense fallback={null}>
        {hasHelp && <ShortcutSheet onClose={() => setHelp(false)} />}
        {starting !== undefined && (
          <StartRunDialog open workflowId={starting} onClose={() => startRun(undefined)} />
        )}
      </Suspense>
    </>
  );
}

type BarProps = Omit<Parameters<typeof CommandBar>[0], "begun">;

/** Keeps the words that are written while the bar is still being loaded. */
function Bar(props: BarProps) {
  const [begun, setBegun] = useState("");
  return (
    <Suspense fallback={<BarToCome begun={begun} onType={setBegun} onClose={props.onClosed} />}>
      <CommandBar {...props} begun={begun} />
    </Suspense>
  );
}

const focusAtOnce = (field: HTMLElement | null) => field?.focus();

interface BarToComeProps {
  readonly begun: string;
  readonly onType: (typed: string) => void;
  readonly onClose: () => void;
}

function BarToCome({ begun, onType, onClose }: BarToComeProps) {
  return (
    <search data-window aria-label={BAR_HINT} className={BAR_PLACE}>
      <div className={BAR_WINDOW}>
        <div className={BAR_HEAD}>
          <Search aria-hidden className="size-4.5 shrink-0 text-ink-3" />
          <input
            ref={focusAtOnce}
            aria-label={BAR_HINT}
            placeholder={BAR_HINT}
            value={begun}
            onChange={({ target }) => onType(target.value)}
            onKeyDown={({ key }) => key === "Escape" && onClose()}
            className={BAR_FIELD}
          />
        </div>
        <output className="p-4 text-ink-3">Opening…</output>
      </div>
    </search>
  );
}
