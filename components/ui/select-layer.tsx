"use client";
import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { cn } from "./cn";
import { useFieldAria } from "./field";
import { floating, floatingItem } from "./floating";
import { ChosenOption, type SelectProps, selectBox } from "./select-parts";

/** Shown from the first press on (select.tsx). */
export function SelectLayer({
  value,
  onValueChange,
  options,
  searchable: _searchable,
  placeholder,
  disabled,
  className,
  ...aria
}: SelectProps) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Radix.Root defaultOpen value={value ?? ""} onValueChange={onValueChange} disabled={disabled}>
      <Radix.Trigger {...aria} {...useFieldAria(aria)} className={cn(selectBox, className)}>
        <span className="min-w-0 flex-1 truncate">
          <Radix.Value placeholder={placeholder}>{chosen && <ChosenOption option={chosen} />}</Radix.Value>
        </span>
        <ChevronDown aria-hidden size={14} className="shrink-0 text-muted" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className={cn(
            floating,
            "max-h-[min(360px,var(--radix-select-content-available-height))] min-w-[var(--radix-select-trigger-width)] max-w-[min(560px,92vw)] overflow-hidden",
          )}
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item key={option.value} value={option.value} disabled={option.disabled} className={cn(floatingItem, "py-1 pr-8")}>
                <span className="min-w-0">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.detail && <span className="block truncate text-muted text-xs">{option.detail}</span>}
                </span>
                <Radix.ItemIndicator className="absolute right-2">
                  <Check aria-hidden size={14} className="text-link" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
