import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "#/app/_ui/class-names.ts";

/** The look of a button, for links that act like one. */
export const buttonLook = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-colors duration-(--fast) disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50 touch-target [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "border-accent bg-accent text-on-accent shadow-flat hover:bg-accent-hover",
        outline: "border-line-2 bg-raised text-ink shadow-flat hover:border-ink-4 [&_svg]:text-ink-3",
        ghost: "border-transparent text-ink-2 hover:bg-hover",
        danger: "border-fail-line bg-raised text-fail-text shadow-flat hover:bg-fail-soft",
      },
      size: {
        sm: "h-7 px-2.5",
        md: "h-8 px-3",
        icon: "size-7 max-md:min-w-11 pointer-coarse:min-w-11",
      },
    },
    defaultVariants: { variant: "outline", size: "sm" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonLook> {
  /** The action is under way: the button keeps its place and takes no second press. */
  readonly pending?: boolean;
}

export function Button({ className, variant, size, pending = false, disabled, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      className={cn(buttonLook({ variant, size }), pending && "animate-pulse", className)}
      disabled={disabled === true || pending}
      aria-busy={pending || undefined}
      {...props}
    />
  );
}
