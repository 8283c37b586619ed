"use client";
import { cn } from "./cn";
import { useFieldAria } from "./field";

export type SwitchProps = {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  id?: string;
  disabled?: boolean;
  className?: string;
  "aria-label"?: string;
};

export function Switch({ checked, onCheckedChange, className, ...rest }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      onClick={() => onCheckedChange(!checked)}
      {...rest}
      {...useFieldAria(rest)}
      className={cn(
        "group relative inline-flex h-5 w-9 shrink-0 items-center rounded-full bg-line-strong transition-colors disabled:cursor-not-allowed disabled:opacity-45 aria-checked:bg-iris",
        className,
      )}
    >
      <span className="size-4 translate-x-0.5 rounded-full bg-on-iris shadow-sm transition-transform group-aria-checked:translate-x-[18px]" />
    </button>
  );
}
