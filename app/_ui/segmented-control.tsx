import { cn } from "#/app/_ui/class-names.ts";

interface SegmentedControlProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  /** Where it stands. */
  readonly className?: string;
}

/** Two or three ways to look at the same thing. */
export function SegmentedControl<Value extends string>({
  label,
  options,
  value,
  onChange,
  className,
}: SegmentedControlProps<Value>) {
  return (
    <fieldset aria-label={label} className={cn("flex rounded-md bg-press p-0.5", className)}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={cn(
            "h-6 grow rounded-[5px] px-2.5 font-medium whitespace-nowrap text-ink-2 touch-target",
            option.value === value &&
              "bg-raised text-ink shadow-flat dark:bg-line-2 contrast:bg-ink contrast:text-sheet",
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
