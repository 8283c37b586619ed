"use client";
import { Command } from "cmdk";
import { Check, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { type KeyboardEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { cn } from "./cn";
import { useFieldAria } from "./field";
import { floating, floatingItem } from "./floating";
import { ChosenOption, type SelectOption, type SelectProps, selectBox } from "./select-parts";

/** A list too long to look through, with a field to search it; shown from the first press on (select.tsx). */
export function SearchSelectLayer({
  value,
  onValueChange,
  options,
  searchable: _searchable,
  placeholder,
  disabled,
  className,
  ...aria
}: SelectProps) {
  const t = useTranslations("common");
  const [open, setOpen] = useState(true);
  const chosen = options.find((option) => option.value === value);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    setOpen(true);
  };
  const choose = (option: SelectOption) => {
    setOpen(false);
    onValueChange(option.value);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        role="combobox"
        disabled={disabled}
        data-placeholder={chosen ? undefined : ""}
        onKeyDown={onKeyDown}
        {...aria}
        {...useFieldAria(aria)}
        className={cn(selectBox, className)}
      >
        <span className="min-w-0 flex-1 truncate">{chosen ? <ChosenOption option={chosen} /> : placeholder}</span>
        <ChevronDown aria-hidden size={14} className="shrink-0 text-muted" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t("search")}
          className={cn(floating, "w-[max(var(--radix-popover-trigger-width),280px)] max-w-[min(560px,92vw)] overflow-hidden")}
        >
          <Command label={t("search")} filter={contains} defaultValue={value ?? undefined} loop>
            <Command.Input
              placeholder={t("search")}
              className="control w-full border-line border-b bg-transparent px-3 text-strong outline-none placeholder:text-muted"
            />
            <Command.List className="max-h-[min(320px,var(--radix-popover-content-available-height))] overflow-y-auto p-1">
              <Command.Empty className="px-3 py-4 text-center text-muted text-sm">{t("nothingFound")}</Command.Empty>
              {options.map((option) => (
                <Option key={option.value} option={option} chosen={option === chosen} onChoose={() => choose(option)} />
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Option({ option, chosen, onChoose }: { option: SelectOption; chosen: boolean; onChoose: () => void }) {
  return (
    <Command.Item
      value={option.value}
      keywords={[option.label, option.detail].filter((text) => typeof text === "string")}
      disabled={option.disabled}
      onSelect={onChoose}
      className={cn(
        floatingItem,
        "py-1 pr-8 data-[selected=true]:bg-sunken data-[selected=true]:text-strong dark:data-[selected=true]:bg-line",
      )}
    >
      <span className="min-w-0">
        <span className="block break-words">{option.label}</span>
        {option.detail && <span className="block truncate text-muted text-xs">{option.detail}</span>}
      </span>
      {chosen && <Check aria-hidden size={14} className="absolute right-2 text-link" />}
    </Command.Item>
  );
}

/** What is typed, word by word, anywhere in name and detail. */
function contains(value: string, search: string, keywords?: string[]): number {
  const text = `${value} ${keywords?.join(" ") ?? ""}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
    ? 1
    : 0;
}
