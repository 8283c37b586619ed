"use client";
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { useFieldAria } from "./field";
import { useLateLayer } from "./use-late-layer";

export type SelectOption = { value: string; label: ReactNode; detail?: ReactNode; disabled?: boolean };
export type SelectProps = {
  value: string | null;
  onValueChange: (value: string) => void;
  options: readonly SelectOption[];
  placeholder?: string;
  id?: string;
  disabled?: boolean;
  className?: string;
  "aria-label"?: string;
  "aria-invalid"?: boolean;
};

const loadLayer = () => import("./select-layer").then((module) => module.SelectLayer);

/** Values must not be empty strings. */
export function Select(props: SelectProps) {
  const { value, onValueChange, options, placeholder, disabled, className, ...aria } = props;
  const { Layer, press } = useLateLayer(loadLayer);
  const fieldAria = useFieldAria(aria);
  if (Layer) return <Layer {...props} />;
  const chosen = options.find((option) => option.value === value);
  return (
    <button
      type="button"
      role="combobox"
      aria-expanded={false}
      aria-autocomplete="none"
      data-state="closed"
      data-placeholder={chosen ? undefined : ""}
      disabled={disabled}
      {...aria}
      {...fieldAria}
      {...press}
      className={cn(selectBox, className)}
    >
      <span className="min-w-0 flex-1 truncate">{chosen ? <ChosenOption option={chosen} /> : placeholder}</span>
      <ChevronDown aria-hidden size={14} className="shrink-0 text-muted" />
    </button>
  );
}

export const selectBox = "control control-box flex w-full min-w-0 items-center gap-2 px-2.5 text-left data-[placeholder]:text-muted";

export const ChosenOption = ({ option }: { option: SelectOption }) => (
  <>
    {option.label}
    {option.detail && <span className="text-muted"> · {option.detail}</span>}
  </>
);
