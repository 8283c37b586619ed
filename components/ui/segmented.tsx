"use client";
import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { useFieldAria } from "./field";

export type SegmentedProps<V extends string> = {
  value: V;
  onValueChange: (value: V) => void;
  options: readonly { value: V; label: ReactNode; disabled?: boolean; title?: string }[];
  id?: string;
  className?: string;
  "aria-label"?: string;
};

export function Segmented<V extends string>({ value, onValueChange, options, className, ...aria }: SegmentedProps<V>) {
  const { "aria-describedby": describedBy, id } = useFieldAria(aria);
  const choose = (next: string) => {
    const option = options.find((candidate) => candidate.value === next);
    if (option) onValueChange(option.value);
  };
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={choose}
      id={id}
      aria-describedby={describedBy}
      {...aria}
      className={cn("inline-flex max-w-full rounded-[7px] border border-line bg-sunken p-0.5", className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          disabled={option.disabled}
          title={option.title}
          className="h-[26px] min-w-0 flex-auto truncate rounded-[5px] px-3 text-muted text-sm transition-colors hover:text-strong disabled:cursor-not-allowed disabled:opacity-45 data-[state=on]:bg-raised data-[state=on]:font-medium data-[state=on]:text-strong data-[state=on]:shadow-[0_1px_2px_oklch(0_0_0/.14)] pointer-coarse:h-[30px]"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
