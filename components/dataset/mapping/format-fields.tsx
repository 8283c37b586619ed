"use client";
import { useTranslations } from "use-intl";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { DatasetMapping, DatasetTags } from "@/lib/contract/dataset";
import { datasetFormats, xtunerMaps } from "@/lib/contract/dataset-names";
import { readTags, withFormat } from "./mapping-draft";

const tagLists = ["system", "user", "assistant", "tool", "functionCall"] as const;

type FormatFieldsProps = { mapping: DatasetMapping; onMapping: (mapping: DatasetMapping) => void };

export function FormatFields({ mapping, onMapping }: FormatFieldsProps) {
  const t = useTranslations("dataset.mapping");
  const forms = useTranslations("common.form");
  const { format, tags, xtunerMap, systemText } = mapping;
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      <Field id="format" label={t("formatLabel")}>
        <Select
          value={format}
          onValueChange={(next) => onMapping(withFormat(mapping, datasetFormats.find((one) => one === next) ?? format))}
          options={datasetFormats.map((one) => ({ value: one, label: forms(one) }))}
        />
      </Field>
      {format === "xtuner" && (
        <Field id="xtuner-map" label={t("xtunerMap")}>
          <Select
            value={xtunerMap}
            onValueChange={(next) => onMapping({ ...mapping, xtunerMap: xtunerMaps.find((one) => one === next) ?? xtunerMap })}
            options={xtunerMaps.map((one) => ({ value: one, label: one }))}
          />
        </Field>
      )}
      {tags !== null && <TagFields tags={tags} onTags={(next) => onMapping({ ...mapping, tags: next })} />}
      {format !== "text" && (
        <Field id="system-text" label={t("systemText")} help={t("systemTextHelp")} className="lg:col-span-2">
          <Textarea
            rows={1}
            value={systemText ?? ""}
            onChange={({ target }) => onMapping({ ...mapping, systemText: target.value === "" ? null : target.value })}
          />
        </Field>
      )}
    </div>
  );
}

function TagFields({ tags, onTags }: { tags: DatasetTags; onTags: (tags: DatasetTags) => void }) {
  const t = useTranslations("dataset.mapping");
  return (
    <>
      <Field id="role-key" label={t("roleKey")}>
        <Input value={tags.roleKey} onChange={({ target }) => onTags({ ...tags, roleKey: target.value })} className="font-mono" />
      </Field>
      <Field id="content-key" label={t("contentKey")}>
        <Input value={tags.contentKey} onChange={({ target }) => onTags({ ...tags, contentKey: target.value })} className="font-mono" />
      </Field>
      {tagLists.map((list) => (
        <Field key={list} id={`tags-${list}`} label={t(`tags.${list}`)}>
          {/* Left alone while it is typed: a comma at the end is no fault. */}
          <Input
            key={tags[list].join()}
            defaultValue={tags[list].join(", ")}
            onBlur={({ target }) => onTags({ ...tags, [list]: readTags(target.value) })}
            className="font-mono"
          />
        </Field>
      ))}
    </>
  );
}
