"use client";
import type { KeyboardEvent, ReactNode } from "react";
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

/** One of a few; arrows choose, as in every group of radio buttons. */
export function Segmented<V extends string>({ value, onValueChange, options, className, ...aria }: SegmentedProps<V>) {
  const { "aria-describedby": describedBy, id } = useFieldAria(aria);
  const choices = options.filter((option) => !option.disabled);
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = choices[(choices.findIndex((option) => option.value === value) + step + choices.length) % choices.length];
    if (!next) return;
    onValueChange(next.value);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=radio]")[options.indexOf(next)]?.focus();
  };
  return (
    <div
      role="radiogroup"
      onKeyDown={move}
      id={id}
      aria-describedby={describedBy}
      {...aria}
      className={cn("inline-flex max-w-full rounded-[7px] border border-line bg-sunken p-0.5", className)}
    >
      {options.map((option) => (
        // biome-ignore lint/a11y/useSemanticElements: an input can't hold a label that is cut off with dots
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          disabled={option.disabled}
          title={option.title}
          onClick={() => onValueChange(option.value)}
          className="h-[26px] min-w-0 flex-auto truncate rounded-[5px] px-3 text-muted text-sm transition-colors hover:text-strong disabled:cursor-not-allowed disabled:opacity-45 aria-checked:bg-raised aria-checked:font-medium aria-checked:text-strong aria-checked:shadow-[0_1px_2px_oklch(0_0_0/.14)] pointer-coarse:h-[30px]"
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
