import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "#/app/_ui/class-names.ts";

const INPUT_LOOK =
  "w-full min-w-0 rounded-md border border-field bg-raised px-2 placeholder:text-muted-foreground disabled:opacity-60 aria-invalid:border-bad focus-visible:border-accent focus-visible:ring-3 focus-visible:ring-accent/18 focus-visible:outline-none contrast:focus-visible:ring-accent touch-target max-md:text-base";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(INPUT_LOOK, "h-7", className)} {...props} />;
}

export function TextArea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      className={cn(INPUT_LOOK, "field-sizing-content max-h-96 min-h-20 py-1.5", className)}
      {...props}
    />
  );
}

export function Select({ className, ...props }: ComponentProps<"select">) {
  return <select className={cn(INPUT_LOOK, "h-7 pr-7", className)} {...props} />;
}

/** A box to tick, with its label. */
export function Checkbox({ children, ...props }: ComponentProps<"input">) {
  return (
    <label className="flex items-center gap-2.5 py-0.5 touch-target">
      <input type="checkbox" className="size-4 shrink-0 accent-accent" {...props} />
      <span className="min-w-0 break-words">{children}</span>
    </label>
  );
}

interface Wiring {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly optional?: boolean;
  readonly children: (wiring: Wiring) => ReactNode;
}

interface FieldSetProps extends Omit<FieldProps, "children"> {
  readonly children: ReactNode;
}

/** Several controls that answer one question together. */
export function FieldSet({ label, hint, error, optional = false, children }: FieldSetProps) {
  const about = useId();
  return (
    <fieldset aria-describedby={hint || error ? about : undefined} className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 text-xs font-medium">
        {label}
        {optional && <Optional />}
      </legend>
      {children}
      <About id={about} hint={hint} error={error} />
    </fieldset>
  );
}

const Optional = () => <span className="font-normal text-muted-foreground"> (optional)</span>;

function About({
  id,
  hint,
  error,
}: {
  readonly id: string;
  readonly hint: ReactNode;
  readonly error: string | undefined;
}) {
  if (!hint && !error) return null;
  return (
    <p id={id} className={cn("text-xs", error ? "text-bad" : "text-muted-foreground")}>
      {error ?? hint}
    </p>
  );
}

/** A label, its control, a hint, and what is wrong with the value, all tied together for those who cannot see them. */
export function Field({ label, hint, error, optional = false, children }: FieldProps) {
  const id = useId();
  const about = `${id}-about`;
  const wiring: Wiring = {
    id,
    ...((hint || error) && { "aria-describedby": about }),
    ...(error && { "aria-invalid": true }),
  };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium">
        {label}
        {optional && <Optional />}
      </label>
      {children(wiring)}
      <About id={about} hint={hint} error={error} />
    </div>
  );
}
