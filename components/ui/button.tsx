import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";

const variants = {
  primary: "border-transparent bg-iris text-on-iris hover:bg-iris-hover",
  secondary: "border-line-strong bg-panel text-strong hover:bg-sunken",
  ghost: "border-transparent bg-transparent text-normal hover:bg-sunken hover:text-strong",
  danger: "border-transparent bg-failed text-panel hover:bg-[color-mix(in_oklab,var(--failed)_88%,var(--strong))]",
} as const;

export type ButtonProps = ComponentProps<"button"> & {
  variant?: keyof typeof variants;
  size?: "sm" | "md";
  /** Square, for one icon; give it an aria-label. */
  icon?: boolean;
  loading?: boolean;
  asChild?: boolean;
};

export function Button({
  variant = "secondary",
  size = "md",
  icon,
  loading,
  asChild,
  className,
  disabled,
  children,
  ...rest
}: ButtonProps) {
  const Root = asChild ? Slot.Root : "button";
  const classes = cn(
    "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium text-sm transition-[background-color,opacity,color]",
    "disabled:cursor-not-allowed disabled:opacity-45 aria-disabled:pointer-events-none aria-disabled:opacity-45 [&_svg]:shrink-0",
    size === "md" ? (icon ? "control-square" : "control px-3") : icon ? "size-7 pointer-coarse:size-9" : "h-7 px-2.5 pointer-coarse:h-9",
    variants[variant],
    className,
  );
  const state = asChild ? { "aria-disabled": disabled || undefined } : { type: "button" as const, disabled: disabled || loading };
  return (
    <Root {...state} aria-busy={loading || undefined} className={classes} {...rest}>
      {loading && <Spinner />}
      <Slot.Slottable>{children}</Slot.Slottable>
    </Root>
  );
}
