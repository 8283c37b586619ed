"use client";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { useFormat } from "@/lib/client/use-format";
import type { Model } from "@/lib/contract/model";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { Section } from "./section";
import { useProblemText } from "./use-problem-text";

export function ModelSection({ onAdd }: { onAdd: () => void }) {
  const t = useTranslations("launch.model");
  const format = useFormat();
  const problemText = useProblemText();
  const { models, model, check, set, resolved } = useLaunch();
  const problem = problemAt(check, "modelId");
  const detail = (entry: Model) =>
    [entry.facts && format.count(entry.facts.parameters), t(entry.source.type), entry.present ? null : t("missing")]
      .filter(Boolean)
      .join(" · ");
  return (
    <Section
      name="model"
      actions={
        <Button size="sm" variant="ghost" onClick={onAdd}>
          {t("add")}
        </Button>
      }
    >
      <Field
        id={fieldId("modelId")}
        label={<span className="sr-only">{t("choose")}</span>}
        error={problem && problemText(problem)}
        hint={models.length === 0 ? t("none") : undefined}
        className="[&>div:first-child]:sr-only"
      >
        <Select
          value={asId(resolved.candidate.modelId)}
          onValueChange={(id) => set("modelId", id)}
          placeholder={t("choose")}
          aria-label={t("choose")}
          options={models.map((entry) => ({ value: entry.id, label: entry.name, detail: detail(entry) }))}
        />
      </Field>
      {model && <ModelFactsLine model={model} />}
    </Section>
  );
}

function ModelFactsLine({ model }: { model: Model }) {
  const t = useTranslations("launch.model");
  const format = useFormat();
  if (model.facts === null) return <p className="mt-2.5 text-muted text-xs">{t("unknownFacts")}</p>;
  const { parameters, dtype, architecture, chatTemplate } = model.facts;
  return (
    <div className="mt-2.5 flex flex-wrap gap-1.5">
      <Badge>{t("parameters", { count: format.count(parameters) })}</Badge>
      <Badge>{dtype}</Badge>
      <Badge>{architecture}</Badge>
      <Badge tone={chatTemplate ? "succeeded" : "failed"}>{chatTemplate ? t("templateFound") : t("templateMissing")}</Badge>
    </div>
  );
}

const asId = (value: unknown): string | null => (typeof value === "string" ? value : null);
