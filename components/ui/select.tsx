"use client";
import { ChevronDown } from "lucide-react";
import { cn } from "./cn";
import { useFieldAria } from "./field";
import { ChosenOption, type SelectProps, selectBox } from "./select-parts";
import { useLateLayer } from "./use-late-layer";

export type { SelectOption, SelectProps } from "./select-parts";

const loadLayer = () => import("./select-layer").then((module) => module.SelectLayer);
const loadSearchLayer = () => import("./search-select-layer").then((module) => module.SearchSelectLayer);

/** Values must not be empty strings. */
export function Select(props: SelectProps) {
  const { value, onValueChange, options, searchable, placeholder, disabled, className, ...aria } = props;
  const { Layer, press } = useLateLayer<SelectProps>(searchable ? loadSearchLayer : loadLayer);
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
