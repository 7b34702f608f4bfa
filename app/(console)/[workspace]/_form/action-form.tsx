"use client";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { FORM_BUILD, FORM_KEY, FORM_WORKSPACE } from "#/lib/form-state.ts";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import type { Sending } from "./use-form-action.ts";

interface ActionFormProps {
  readonly sending: Sending;
  /** The form makes something: sent twice, it makes one. */
  readonly isOnce?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A form that a server action does, with scripts and without. Its fields have the names that the operation's contract has, with dots for what is inside. */
export function ActionForm({ sending, isOnce = false, className, children }: ActionFormProps) {
  const { id, build } = useWorkspace();
  const form = useRef<HTMLFormElement>(null);
  const { state, round } = sending;
  useEffect(() => {
    if (state.status === "refused")
      form.current?.querySelector<HTMLElement>("[aria-invalid], [role=alert]")?.focus();
  }, [state]);
  return (
    <form
      ref={form}
      // Our own words tell what is wrong.
      noValidate
      action={sending.action}
      className={className}
      onSubmit={(event) => {
        // React would empty the fields as soon as it is answered, whatever the answer is.
        event.preventDefault();
        const { submitter } = event.nativeEvent;
        if (!sending.isPending) sending.send(new FormData(event.currentTarget, submitter));
      }}
    >
      <input type="hidden" name={FORM_WORKSPACE} value={id} />
      {build !== null && <input type="hidden" name={FORM_BUILD} value={build} />}
      {isOnce && <FormKey key={round} />}
      <div key={round} className="contents">
        {children}
      </div>
    </form>
  );
}

/** What is sent under the same key is done once. The server's stays where scripts take over a page. */
function FormKey() {
  const [key] = useState(() => crypto.randomUUID());
  return <input type="hidden" name={FORM_KEY} defaultValue={key} suppressHydrationWarning />;
}

interface FormMessageProps {
  readonly sending: Sending;
  /** Told where no toast can. */
  readonly done: string;
}

/** Says how a form went. */
export function FormMessage({ sending: { state, isPlain }, done }: FormMessageProps) {
  if (state.status === "refused")
    return (
      <p role="alert" tabIndex={-1} className="min-w-0 flex-1 basis-60 text-sm text-bad outline-none">
        {state.message}
      </p>
    );
  if (state.status !== "done" || !isPlain) return null;
  return <output className="min-w-0 flex-1 text-sm text-ink-2">{done}</output>;
}
