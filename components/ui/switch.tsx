"use client";
import { Switch as Radix } from "radix-ui";
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

export function Switch({ className, ...rest }: SwitchProps) {
  return (
    <Radix.Root
      {...rest}
      {...useFieldAria(rest)}
      className={cn(
        "relative inline-flex h-5 w-9 shrink-0 items-center rounded-full bg-line-strong transition-colors disabled:cursor-not-allowed disabled:opacity-45 data-[state=checked]:bg-iris",
        className,
      )}
    >
      <Radix.Thumb className="size-4 translate-x-0.5 rounded-full bg-on-iris shadow-sm transition-transform data-[state=checked]:translate-x-[18px]" />
    </Radix.Root>
  );
}
