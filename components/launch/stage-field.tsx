"use client";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { type Stage, stages } from "@/lib/contract/stages";
import { fieldId, useLaunch } from "./launch-context";
import { ParameterGroupFields } from "./section";

/** Stages that trl keeps among its experiments. */
const experimental: readonly Stage[] = ["orpo", "simpo"];

/** What is learnt, and from which rows; then the settings that only this stage has. */
export function StageField() {
  const t = useTranslations("launch.stage");
  const { resolved, set } = useLaunch();
  const { stage } = resolved;
  return (
    <div className="mb-4">
      <Field id={fieldId("stage")} label={t("label")} help={t("help")} hint={t(`${stage}.needs`)}>
        <Select
          value={stage}
          onValueChange={(next) => set("stage", next)}
          options={stages.map((one) => ({ value: one, label: t(`${one}.name`), detail: t(`${one}.needs`) }))}
        />
      </Field>
      {experimental.includes(stage) && (
        <p className="mt-2 flex flex-wrap items-center gap-2 text-muted text-xs">
          <Badge tone="warning">{t("experimental")}</Badge>
          {t("experimentalNote")}
        </p>
      )}
      {stage !== "sft" && stage !== "pt" && (
        <div className="mt-4">
          <ParameterGroupFields group="preference" />
        </div>
      )}
    </div>
  );
}
