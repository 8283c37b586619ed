"use client";
import { Search } from "lucide-react";
import { useMemo, useRef } from "react";
import { useTranslations } from "use-intl";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { Select } from "@/components/ui/select";
import { type Shortcut, useShortcuts } from "@/lib/client/shortcuts";
import { useFormat } from "@/lib/client/use-format";
import type { Run } from "@/lib/contract/run";
import { methods } from "@/lib/contract/stages";
import { type RunsView, statusFilters, totalBytes } from "./runs-view";

const ALL = "*";
type RunsToolbarProps = {
  runs: readonly Run[];
  shown: readonly Run[];
  view: RunsView;
  onChange: (patch: Partial<RunsView>) => void;
};

export function RunsToolbar({ runs, shown, view, onChange }: RunsToolbarProps) {
  const t = useTranslations("runs");
  const format = useFormat();
  const models = useMemo(() => [...new Set(runs.map((run) => run.labels.model))].sort(), [runs]);
  const bytes = totalBytes(shown);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2 md:gap-3">
      <SearchField value={view.search} onChange={(search) => onChange({ search })} />
      <div className="grid w-full min-w-0 grid-cols-3 gap-1.5 sm:flex sm:w-auto sm:gap-2 md:gap-3">
        <Select
          aria-label={t("filter.status")}
          className="gap-1 px-2 sm:w-36 sm:px-2.5"
          value={view.status ?? ALL}
          onValueChange={(value) => onChange({ status: statusFilters.find((status) => status === value) ?? null })}
          options={[
            { value: ALL, label: t("filter.allStatuses") },
            ...statusFilters.map((status) => ({ value: status, label: t(`filter.${status}`) })),
          ]}
        />
        <Select
          aria-label={t("filter.model")}
          className="gap-1 px-2 sm:w-44 sm:px-2.5"
          value={view.model ?? ALL}
          onValueChange={(value) => onChange({ model: value === ALL ? null : value })}
          options={[{ value: ALL, label: t("filter.allModels") }, ...models.map((model) => ({ value: model, label: model }))]}
        />
        <Select
          aria-label={t("filter.method")}
          className="gap-1 px-2 sm:w-36 sm:px-2.5"
          value={view.method ?? ALL}
          onValueChange={(value) => onChange({ method: methods.find((one) => one === value) ?? null })}
          options={[
            { value: ALL, label: t("filter.allMethods") },
            { value: "lora", label: "LoRA" },
            { value: "qlora", label: "QLoRA" },
            { value: "freeze", label: t("freeze") },
            { value: "full", label: t("full") },
          ]}
        />
      </div>
      <p className="ml-auto whitespace-nowrap text-muted text-xs" aria-live="polite">
        {shown.length === runs.length
          ? t("count", { count: runs.length })
          : t("countOf", { count: format.count(shown.length), total: format.count(runs.length) })}
        {bytes > 0 && ` · ${format.bytes(bytes)}`}
      </p>
    </div>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useTranslations("runs");
  const field = useRef<HTMLInputElement>(null);
  const shortcuts = useMemo<Shortcut[]>(() => [{ keys: "/", label: t("search"), group: "page", run: () => field.current?.focus() }], [t]);
  useShortcuts(shortcuts);
  return (
    <div className="relative w-full sm:w-72 lg:w-80">
      <Search aria-hidden size={14} className="pointer-events-none absolute inset-y-0 left-2.5 my-auto text-muted" />
      <Input
        ref={field}
        type="search"
        aria-label={t("search")}
        placeholder={t("search")}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          onChange("");
          event.currentTarget.blur();
        }}
        className="pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
      />
      {!value && <Kbd className="absolute inset-y-0 right-2 my-auto text-muted">/</Kbd>}
    </div>
  );
}
