"use client";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Plus, X } from "#/app/_ui/icons.tsx";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { type SavedView, useListSettings } from "./list-settings.ts";

const BUILT_IN: readonly SavedView[] = [
  { name: "All", query: "" },
  { name: "Failed", query: "status=failed" },
  { name: "Waiting", query: "status=waiting" },
];
const NO_VIEWS: readonly SavedView[] = [];

/** Filters under a name: those of everybody, and those that were saved in this browser. */
export function SavedViews() {
  const { id } = useWorkspace();
  const own = useListSettings(({ views }) => views[id]) ?? NO_VIEWS;
  const forget = useListSettings(({ forgetView }) => forgetView);
  const router = useRouter();
  const pathname = usePathname();
  const now = useSearchParams().toString();
  const isKnown = [...BUILT_IN, ...own].some(({ query }) => query === now);
  return (
    <nav
      aria-label="Views"
      className="flex items-center gap-4 overflow-x-auto border-b border-line px-4 md:px-6"
    >
      {[...BUILT_IN, ...own].map(({ name, query }) => (
        <span key={name} className="flex items-center">
          <button
            type="button"
            aria-current={query === now ? "true" : undefined}
            onClick={() =>
              router.replace(query === "" ? pathname : `${pathname}?${query}`, { scroll: false })
            }
            className={cn(
              "h-9 border-b-2 font-medium whitespace-nowrap touch-target",
              query === now ? "border-ink text-ink" : "border-transparent text-ink-3 hover:text-ink",
            )}
          >
            {name}
          </button>
          {own.some((view) => view.name === name) && query === now && (
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Forget the view ${name}`}
              onClick={() => forget(id, name)}
            >
              <X aria-hidden />
            </Button>
          )}
        </span>
      ))}
      {!isKnown && <SaveView query={now} />}
    </nav>
  );
}

function SaveView({ query }: { readonly query: string }) {
  const { id } = useWorkspace();
  const save = useListSettings(({ saveView }) => saveView);
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const close = () => {
    setOpen(false);
    setName("");
  };
  const submit = () => {
    if (name.trim() === "") return;
    save(id, { name: name.trim(), query });
    close();
  };
  return (
    <>
      <Button variant="ghost" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> Save view
      </Button>
      <Dialog
        open={open}
        onClose={close}
        title="Save view"
        description="The filters under a name, in this browser."
      >
        <Form onSubmit={submit} className="flex flex-col gap-4">
          <Field label="Name">
            {(wiring) => (
              <Input
                {...wiring}
                required
                maxLength={40}
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" variant="primary">
              Save view
            </Button>
          </DialogActions>
        </Form>
      </Dialog>
    </>
  );
}
