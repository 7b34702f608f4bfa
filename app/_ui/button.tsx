import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "#/app/_ui/class-names.ts";

/** The look of a button, for links that act like one. */
export const buttonLook = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors disabled:pointer-events-none disabled:opacity-55 aria-disabled:opacity-55 touch-target [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-primary text-primary-foreground hover:bg-primary/90",
        outline: "border border-border bg-card text-foreground hover:bg-muted",
        ghost: "text-foreground hover:bg-muted",
        danger: "border border-bad/40 bg-card text-bad hover:bg-bad/10",
      },
      size: {
        sm: "h-8 px-2.5 text-[0.8125rem]",
        md: "h-9 px-3.5 text-sm",
        icon: "size-8 max-md:min-w-11 pointer-coarse:min-w-11",
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
