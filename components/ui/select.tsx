"use client";
import { ChevronDown } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { cn } from "./cn";
import { useFieldAria } from "./field";
import { ChosenOption, findByLetters, type SelectProps, selectBox } from "./select-parts";
import { useLateLayer } from "./use-late-layer";

export type { SelectOption, SelectProps } from "./select-parts";

const loadLayer = () => import("./select-layer").then((module) => module.SelectLayer);
const loadSearchLayer = () => import("./search-select-layer").then((module) => module.SearchSelectLayer);

/** Letters that follow each other within it are one word. */
const TYPING_MS = 1000;

/** Values must not be empty strings. */
export function Select(props: SelectProps) {
  const { value, onValueChange, options, searchable, placeholder, disabled, className, ...aria } = props;
  const { Layer, press } = useLateLayer<SelectProps>(searchable ? loadSearchLayer : loadLayer);
  const fieldAria = useFieldAria(aria);
  const typed = useRef({ text: "", at: 0 });
  if (Layer) return <Layer {...props} />;
  const chosen = options.find((option) => option.value === value);
  const onKeyDown = (event: KeyboardEvent) => {
    press.onKeyDown(event);
    if (searchable || event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
    const goesOn = event.timeStamp - typed.current.at < TYPING_MS;
    typed.current = { text: (goesOn ? typed.current.text : "") + event.key, at: event.timeStamp };
    const found = findByLetters(options, value, typed.current.text);
    if (found && found.value !== value) onValueChange(found.value);
  };
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
      onKeyDown={onKeyDown}
      className={cn(selectBox, className)}
    >
      <span className="min-w-0 flex-1 truncate">{chosen ? <ChosenOption option={chosen} /> : placeholder}</span>
      <ChevronDown aria-hidden size={14} className="shrink-0 text-muted" />
    </button>
  );
}
