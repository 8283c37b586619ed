"use client";
import { Command } from "cmdk";
import { Check, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { floating, floatingItem } from "@/components/ui/floating";
import type { ChatModelInfo } from "@/lib/contract/api";

const kinds = ["checkpoint", "export", "model"] as const;

export type ModelPickerProps = {
  models: readonly ChatModelInfo[] | undefined;
  value: ChatModelInfo | null;
  /** What the address asks for and the list does not have. */
  missing: string | null;
  onChoose: (id: string) => void;
};

/** Everything that can be talked to, by kind, found by typing. */
export function ModelPicker({ models, value, missing, onChoose }: ModelPickerProps) {
  const t = useTranslations("chat");
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        className="control flex min-w-0 flex-1 items-center gap-2 rounded-md px-2.5 text-left hover:bg-sunken"
        aria-label={t("chooseModelFor", { model: value?.label ?? t("noModelChosen") })}
      >
        <span className="min-w-0 truncate">
          <span className={cn("font-medium", value === null ? "text-muted" : "text-strong")}>
            {value?.label ?? (missing === null ? t("chooseModelShort") : t("missing", { id: missing }))}
          </span>
        </span>
        {value !== null && <Badge className="shrink-0">{t(`kind.${value.target.type}`)}</Badge>}
        {value?.worker?.status === "starting" && <Badge tone="running">{t("loading")}</Badge>}
        <ChevronDown aria-hidden size={14} className="ml-auto shrink-0 text-muted" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="start" sideOffset={4} collisionPadding={8} className={cn(floating, "w-[min(440px,92vw)] overflow-hidden")}>
          <Command label={t("chooseModelShort")}>
            <Command.Input
              placeholder={t("searchModels")}
              className="h-10 w-full border-line border-b bg-transparent px-3 text-sm text-strong outline-none placeholder:text-muted pointer-coarse:text-lg"
            />
            <Command.List className="max-h-[min(380px,55dvh)] overflow-y-auto p-1">
              <Command.Empty className="px-3 py-6 text-center text-muted text-sm">{t("nothingFound")}</Command.Empty>
              {kinds.map((kind) => {
                const group = (models ?? []).filter((model) => model.target.type === kind);
                return group.length === 0 ? null : (
                  <Command.Group
                    key={kind}
                    heading={t(`group.${kind}`)}
                    className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-muted [&_[cmdk-group-heading]]:text-xs"
                  >
                    {group.map((model) => (
                      <Command.Item
                        key={model.id}
                        value={`${model.label} ${model.detail} ${model.id}`}
                        onSelect={() => {
                          onChoose(model.id);
                          setOpen(false);
                        }}
                        className={cn(floatingItem, "py-1.5 data-[selected=true]:bg-sunken dark:data-[selected=true]:bg-line")}
                      >
                        <span className="min-w-0 flex-1">
                          <span className="block truncate text-strong">{model.label}</span>
                          <span className="block truncate text-muted text-xs">{model.detail}</span>
                        </span>
                        {!model.chatTemplate && <Badge tone="warning">{t("templateless")}</Badge>}
                        {model.worker?.status === "ready" && <Badge tone="succeeded">{t("loaded")}</Badge>}
                        {value?.id === model.id && <Check aria-hidden size={14} className="shrink-0 text-link" />}
                      </Command.Item>
                    ))}
                  </Command.Group>
                );
              })}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
