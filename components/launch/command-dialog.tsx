"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { ScrollText } from "@/components/ui/scroll-box";
import { Tabs } from "@/components/ui/tabs";
import { systemQueries } from "@/lib/client/queries/system";
import type { TrainSpec } from "@/lib/contract/job-spec";
import type { Model } from "@/lib/contract/model";
import { type CommandInputs, toLlamaFactory, toPython, toYaml } from "@/lib/domain/commands";
import { toAxolotl } from "@/lib/domain/export/axolotl";
import { unsaidByLlamaFactory } from "@/lib/domain/export/llama-factory-method";
import { toLlamaFactoryYaml } from "@/lib/domain/export/llama-factory-yaml";
import { mixCounts } from "@/lib/domain/mix";
import type { TrainingPlan } from "@/lib/domain/plan";
import type { ReadyDataset as Dataset } from "@/lib/domain/ready-dataset";
import { trainableRows } from "@/lib/domain/stage-rows";
import { validationSetIds } from "@/lib/domain/train-data";
import { useLaunch } from "./launch-context";

const forms = ["llamaFactory", "llamaFactoryYaml", "axolotl", "yaml", "python"] as const;
type Form = (typeof forms)[number];

export function CommandDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("launch.commands");
  const [form, setForm] = useState<Form>("llamaFactory");
  const { check, plan, model, datasets } = useLaunch();
  const { spec } = check;
  const home = useQuery(systemQueries.report()).data?.home;
  const ready = spec !== null && plan !== null && model !== null && home !== undefined;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} size="lg" title={t("title")} description={t("description")}>
      <Tabs value={form} onValueChange={setForm} items={forms.map((value) => ({ value, label: t(value) }))} />
      {ready ? (
        <FormText key={form} form={form} spec={spec} inputs={commandInputs({ spec, model, datasets, plan, home })} />
      ) : (
        <p className="py-6 text-muted">{t("notReady")}</p>
      )}
    </Dialog>
  );
}

function FormText({ form, spec, inputs }: { form: Form; spec: TrainSpec | null; inputs: CommandInputs }) {
  const t = useTranslations("launch.commands");
  if (spec === null) return null;
  if (form === "yaml") return <Text note={t("yamlNote")} text={toYaml(spec)} />;
  if (form === "python") return <Text note={t("pythonNote")} text={toPython(spec, inputs)} />;
  if (form === "axolotl") return <AxolotlText spec={spec} inputs={inputs} />;
  const { command, datasetInfo, notes } = toLlamaFactory(spec, inputs);
  const unsaid = unsaidByLlamaFactory(spec);
  return (
    <>
      <Text
        note={[
          t("llamaFactoryNote"),
          ...notes.map((note) => t(`dataNote.${note}`)),
          ...(unsaid.length === 0 ? [] : [t("unsaid", { names: unsaid.join(", ") })]),
        ].join(" ")}
        text={form === "llamaFactory" ? command : toLlamaFactoryYaml(spec, inputs)}
      />
      <Text note={t("datasetInfo")} text={datasetInfo} />
    </>
  );
}

function AxolotlText({ spec, inputs }: { spec: TrainSpec; inputs: CommandInputs }) {
  const t = useTranslations("launch.commands");
  const { yaml, unsaid } = toAxolotl(spec, inputs);
  return (
    <Text note={[t("axolotlNote"), ...(unsaid.length === 0 ? [] : [t("unsaid", { names: unsaid.join(", ") })])].join(" ")} text={yaml} />
  );
}

function Text({ note, text }: { note: string; text: string }) {
  return (
    <figure className="mt-3">
      <figcaption className="mb-1.5 flex items-center gap-2 text-muted text-xs">
        <span className="flex-1">{note}</span>
        <CopyButton text={text} />
      </figcaption>
      <ScrollText className="max-h-[46vh] bg-sunken leading-[18px]">{text}</ScrollText>
    </figure>
  );
}

type Sources = { spec: TrainSpec; model: Model; datasets: readonly Dataset[]; plan: TrainingPlan; home: string };

export function commandInputs({ spec, model, datasets, plan, home }: Sources): CommandInputs {
  const hub = model.source.type === "hub" && model.path === null ? model.source : null;
  // A spec that passed the check names only sets that there are.
  const find = (ids: readonly string[]) => ids.flatMap((id) => datasets.find((dataset) => dataset.id === id) ?? []);
  const [sets, validation] = [find(spec.data.sets.map(({ datasetId }) => datasetId)), find(validationSetIds(spec.data))];
  const files = (chosen: readonly Dataset[]) => chosen.map(({ id, name }) => ({ name, rowsPath: `${home}/datasets/${id}/rows.jsonl` }));
  const usable = (chosen: readonly Dataset[]) => chosen.map(({ report }) => trainableRows(report, spec.stage));
  return {
    model: { reference: hub?.repo ?? model.path ?? model.name, revision: hub?.revision ?? null, trustRemoteCode: model.trustRemoteCode },
    sets: files(sets),
    validation: files(validation),
    counts: mixCounts(spec.data, { sets: usable(sets), validation: usable(validation) }, spec.training.seed),
    plan,
  };
}
