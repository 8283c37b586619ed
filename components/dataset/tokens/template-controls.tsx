"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { datasetViewQueries } from "@/lib/client/queries/dataset-view";
import type { TemplateChoice } from "@/lib/contract/inspect";
import { asTrained } from "../kept-settings";
import type { RenderChoice } from "./use-render-settings";

const OWN = "own";
const FILE = "file";
const looks = ["tools", "reasoning", "prompt"] as const;

/** Another template, and less or more of the row: to see what would be, while a training takes the model's own and all of the row. */
export function TemplateControls({ choice }: { choice: RenderChoice }) {
  const t = useTranslations("dataset.tokens.template");
  const { template, look } = choice;
  const templates = useQuery(datasetViewQueries.templates());
  const other = template !== null || looks.some((name) => look[name] !== asTrained[name]);
  return (
    <div className="mt-2 grid gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Select
          value={template === null ? OWN : template.type === "file" ? FILE : template.name}
          onValueChange={(value) => choice.set({ template: toTemplate(value) })}
          options={[
            { value: OWN, label: t("own") },
            { value: FILE, label: t("file") },
            ...(templates.data ?? []).map((name) => ({ value: name, label: name })),
          ]}
          aria-label={t("label")}
          className="w-auto min-w-44 max-w-full"
        />
        {looks.map((name) => (
          <label key={name} className="inline-flex cursor-pointer items-center gap-1.5 text-sm">
            <input
              type="checkbox"
              checked={look[name]}
              onChange={({ target }) => choice.set({ look: { ...look, [name]: target.checked } })}
              className="size-4 accent-iris"
            />
            {t(`look.${name}`)}
          </label>
        ))}
      </div>
      {template?.type === "file" && (
        <Input
          key={template.path}
          defaultValue={template.path}
          onBlur={({ target }) => choice.set({ template: { type: "file", path: target.value.trim() } })}
          onKeyDown={({ key, currentTarget }) => key === "Enter" && currentTarget.blur()}
          placeholder="/home/you/templates/chat_template.jinja"
          aria-label={t("path")}
          className="font-mono"
        />
      )}
      {other && <p className="text-muted text-xs">{t("notTrained")}</p>}
    </div>
  );
}

const toTemplate = (value: string): TemplateChoice | null =>
  value === OWN ? null : value === FILE ? { type: "file", path: "" } : { type: "bundled", name: value };
