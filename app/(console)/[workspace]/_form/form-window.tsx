"use client";
import { type ReactNode, useState } from "react";
import { Button, buttonLook, type ButtonProps } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import type { FormAction } from "#/lib/form-state.ts";
import { ActionForm, FormMessage } from "./action-form.tsx";
import { type Sending, useFormAction } from "./use-form-action.ts";

/** The button that opens a form, and who knows whether it is open where something else opens it, too. */
export interface FormWindowControl {
  readonly button: Omit<ButtonProps, "onClick" | "type">;
  readonly opening?: Opening;
}

interface Opening {
  readonly isOpen: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

export interface FormFieldsProps extends Pick<Sending, "state" | "textOf"> {
  readonly onLack: (lack: string | undefined) => void;
}

interface FormWindowProps<Answer> extends FormWindowControl {
  readonly action: FormAction<Answer>;
  /** The page and the form's place on its plain twin, such as `settings#new-key`. One form each. */
  readonly place: string;
  readonly title: string;
  readonly description?: string;
  readonly wide?: boolean;
  /** Fields that nobody fills in: what the form is about. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** The button that sends it. */
  readonly submit: string;
  /** What cannot be taken back. */
  readonly isDangerous?: boolean;
  /** The form makes something: sent twice, it makes one. */
  readonly isOnce?: boolean;
  /** Said where no toast can. */
  readonly done: string;
  readonly onDone?: (answer: Answer) => unknown;
  /** What is told once, instead of the form that has made it. */
  readonly answered?: {
    readonly title: string;
    readonly show: (answer: Answer, onClose: (() => void) | undefined) => ReactNode;
  };
  /** The fields. What is still missing, so that it cannot be sent yet, is told to `onLack`. */
  readonly children?: (fields: FormFieldsProps) => ReactNode;
}

/** A form that opens in a window. On pages for browsers without scripts it stands folded in the button's place; before scripts have come, the button leads there. */
export function FormWindow<Answer>(props: FormWindowProps<Answer>) {
  const { isPlain } = useWorkspace();
  return isPlain ? <FoldedForm {...props} /> : <ScriptedWindow {...props} />;
}

function ScriptedWindow<Answer>(props: FormWindowProps<Answer>) {
  const { slug } = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  const { place, button, opening } = props;
  const { onOpen, onClose, ...own } = opening ?? {
    isOpen,
    onOpen: () => setOpen(true),
    onClose: () => setOpen(false),
  };
  return (
    <>
      <form action={`/~plain/${slug}/${place}`} className="contents">
        <Button
          {...button}
          type="submit"
          onClick={(event) => {
            event.preventDefault();
            onOpen();
          }}
        />
      </form>
      {own.isOpen && <OpenWindow {...props} onClose={onClose} />}
    </>
  );
}

function OpenWindow<Answer>({ onClose, ...props }: FormWindowProps<Answer> & Pick<Opening, "onClose">) {
  const { action, place, title, description, wide = false, answered, onDone } = props;
  const sending = useFormAction(action, {
    place,
    onDone: (answer) => {
      if (!answered) onClose();
      return onDone?.(answer);
    },
  });
  const isShown = answered !== undefined && sending.state.status === "done";
  return (
    <Dialog
      open
      onClose={onClose}
      title={isShown ? answered.title : title}
      description={isShown ? undefined : description}
      wide={wide}
      persistent={isShown || sending.isPending}
    >
      <FormOrAnswer {...props} sending={sending} onClose={onClose} />
    </Dialog>
  );
}

function FoldedForm<Answer>(props: FormWindowProps<Answer>) {
  const { button, action, place, onDone, title, description } = props;
  const { size, className, children, "aria-label": label } = button;
  // Forms stand side by side here: the primary button is the one that sends.
  const variant = button.variant === "primary" ? "outline" : button.variant;
  const sending = useFormAction(action, { place, ...(onDone && { onDone }) });
  return (
    <details open={sending.state.status !== "unsent"} className="max-w-full open:basis-full">
      <summary aria-label={label} className={cn(buttonLook({ variant, size }), "cursor-pointer", className)}>
        {children}
      </summary>
      <div id={place.split("#")[1]} className="mt-3 mb-1 rounded-md border border-line p-4 sm:min-w-96">
        <h3 className="mb-2 font-semibold">{title}</h3>
        {description !== undefined && <p className="mb-3 text-muted-foreground">{description}</p>}
        <FormOrAnswer {...props} sending={sending} />
      </div>
    </details>
  );
}

interface FormOrAnswerProps<Answer> extends FormWindowProps<Answer> {
  readonly sending: Sending<Answer>;
  /** Absent where there is no window. */
  readonly onClose?: () => void;
}

function FormOrAnswer<Answer>(props: FormOrAnswerProps<Answer>) {
  const { sending, fixed = {}, isOnce = false, answered, onClose, children } = props;
  const { answer } = sending.state;
  // Kept with the fields: a window that is opened again lacks nothing yet.
  const [lack, setLack] = useState<string>();
  if (answered && answer !== undefined) return answered.show(answer, onClose);
  return (
    <ActionForm sending={sending} isOnce={isOnce} className="flex flex-col gap-3.5">
      {Object.entries(fixed).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children?.({ ...sending, onLack: setLack })}
      <FormButtons {...props} lack={lack} />
    </ActionForm>
  );
}

interface FormButtonsProps<Answer> extends FormOrAnswerProps<Answer> {
  readonly lack: string | undefined;
}

function FormButtons<Answer>(props: FormButtonsProps<Answer>) {
  const { sending, done, submit, lack, isDangerous = false, onClose } = props;
  return (
    <DialogActions>
      <FormMessage sending={sending} done={done} />
      {lack !== undefined && (
        <output className="mr-auto self-center text-xs text-muted-foreground">{lack}</output>
      )}
      {onClose && <Button onClick={onClose}>Cancel</Button>}
      <Button
        type="submit"
        variant={isDangerous ? "danger" : "primary"}
        pending={sending.isPending}
        disabled={lack !== undefined}
      >
        {submit}
      </Button>
    </DialogActions>
  );
}
