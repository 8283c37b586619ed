"use client";
import { useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { type ComponentType, lazy, Suspense, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/layout/page-header";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { Sheet } from "@/components/ui/sheet";
import { toast } from "@/components/ui/toast";
import { systemQueries } from "@/lib/client/queries/system";
import type { Dataset } from "@/lib/contract/dataset";
import type { TrainSpec } from "@/lib/contract/job-spec";
import type { Model } from "@/lib/contract/model";
import type { Run } from "@/lib/contract/run";
import { presetIds, presets } from "@/lib/domain/presets";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { type LaunchAddress, readAddress } from "./address";
import { checkCandidate } from "./check";
import { addUploaded, choose } from "./choose";
import { CommandDialog } from "./command-dialog";
import { readSets } from "./data-draft";
import { planData } from "./data-plan";
import { DataSection } from "./data-section";
import { applyPreset, type Draft, emptyDraft, isAtPreset, resetField, resolveDraft, setField } from "./draft";
import { fillDraft } from "./import/fill";
import { LaunchContext, type LaunchState } from "./launch-context";
import { MethodSection } from "./method-section";
import { ModelSection } from "./model-section";
import { OutputSection } from "./output-section";
import { planCandidate } from "./plan-figures";
import { LaunchButton, PlanPanel, Readiness } from "./plan-panel";
import { ParameterGroupFields, Section } from "./section";
import { inPageOrder, SectionList } from "./section-list";
import { useDraft } from "./use-draft";
import { useFieldJump } from "./use-field-jump";
import { useLaunchKey, useSubmit } from "./use-submit";
import { useWords } from "./use-words";

/** Its readers of YAML and scripts come when it is opened. */
const ImportDialog = lazy(() => import("./import/import-dialog").then((module) => ({ default: module.ImportDialog })));

export type AddDialog<T> = ComponentType<{ open: boolean; onOpenChange: (open: boolean) => void; onAdded: (added: T) => void }>;
export type LaunchFormProps = {
  models: readonly Model[];
  /** In any status: a draft may name one that is not ready any more. */
  datasets: readonly Dataset[];
  /** The quick start's spec: settings that are known to work on the demo model. */
  quickStart: TrainSpec | null;
  address: LaunchAddress;
  /** The run that `address.from` names. */
  from: Run | null;
  AddModel: AddDialog<Model>;
  AddData: AddDialog<ReadyDataset>;
};

export function LaunchForm({ models, datasets, quickStart, address, from, AddModel, AddData }: LaunchFormProps) {
  const t = useTranslations("launch");
  const imported = useTranslations("import");
  const [draft, setDraft] = useDraft(address, (stored) => readAddress(stored, address, from));
  const [dialog, setDialog] = useState<"model" | "data" | "commands" | "plan" | "import" | null>(null);
  const [pasted, setPasted] = useState("");
  const resolve = (one: Draft) => {
    const choice = choose(one, models, datasets, quickStart);
    const proven = choice.model?.source.type === "demo" ? quickStart : null;
    return { ...choice, resolved: resolveDraft(one, { facts: choice.model?.facts ?? null, proven }, choice.chosen) };
  };
  const { model, chosen, ready, find, resolved } = resolve(draft);
  const facts = model?.facts ?? null;
  const { candidate } = resolved;
  const signature = JSON.stringify([
    candidate,
    readSets(candidate["data.sets"]).map(({ datasetId }) => chosen.rowsOf(datasetId ?? "")),
    facts?.fingerprint,
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the candidate and what is known of its sets
  const data = useMemo(() => planData(candidate, candidate["training.seed"], chosen.rowsOf), [signature]);
  const { sought, jump } = useFieldJump();
  const { submit, refused, error, busy } = useSubmit(candidate, jump);
  const environment = useQuery(systemQueries.report()).data?.environment ?? null;
  const asksMore = JSON.stringify(candidate["training.more"]) !== "{}";
  const installed = useQuery({ ...systemQueries.arguments(), enabled: asksMore }).data ?? null;
  const checked = checkCandidate(candidate, { facts, present: model?.present ?? true, data, find, environment, installed }, refused);
  const check = { ...checked, problems: inPageOrder(checked.problems) };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the candidate, so that the curve is drawn anew only when a value changes
  const partial = useMemo(() => planCandidate(candidate, resolved.suggested, data, facts), [signature]);
  const state: LaunchState = {
    resolved,
    check,
    plan: partial?.plan ?? null,
    models,
    datasets: ready,
    find,
    model,
    chosenSets: readSets(candidate["data.sets"]).flatMap(({ datasetId }) => ready.find(({ id }) => id === datasetId) ?? []),
    data,
    environment,
    set: (path, value) => setDraft((current) => setField(current, path, value)),
    reset: (path) => setDraft((current) => resetField(current, path)),
    jump: (path) => {
      setDialog(null);
      jump(path);
    },
    sought,
  };
  const launch = () => {
    setDialog(null);
    submit(check);
  };
  useLaunchKey(launch);
  const change = (next: Draft, message: string) => {
    setDraft(next);
    toast.message(message, { action: { label: t("undo"), onClick: () => setDraft(draft) } });
  };
  const show = (name: typeof dialog) => (open: boolean) => setDialog(open ? name : null);
  const panel = <PlanPanel partial={partial} error={error} busy={busy} onLaunch={launch} onShowCommands={() => setDialog("commands")} />;
  return (
    <LaunchContext value={state}>
      <PageHeader title={t("title")} actions={<HeaderActions draft={draft} onChange={change} onImport={() => setDialog("import")} />} />
      <div
        data-usable={check.spec !== null}
        className="grid items-start gap-x-7 gap-y-4 lg:grid-cols-[minmax(0,1fr)_340px] xl:grid-cols-[132px_minmax(0,1fr)_372px]"
      >
        <div className="hidden self-stretch xl:block">
          <SectionList />
        </div>
        <div className="grid min-w-0 gap-4 pb-20 lg:pb-6">
          <ModelSection onAdd={() => setDialog("model")} />
          <DataSection onAdd={() => setDialog("data")} />
          <MethodSection />
          <Section name="training">
            <ParameterGroupFields group="training" />
          </Section>
          <Section name="schedule">
            <ParameterGroupFields group="schedule" />
          </Section>
          <OutputSection />
        </div>
        <aside className="sticky top-18 hidden max-h-[calc(100dvh-88px)] overflow-y-auto rounded-lg border border-line bg-panel p-4 lg:block">
          {panel}
        </aside>
      </div>
      <div className="fixed inset-x-0 bottom-0 z-20 flex items-center gap-2 border-line border-t bg-panel px-4 pt-2.5 pb-[calc(10px+env(safe-area-inset-bottom))] lg:hidden">
        <div className="min-w-0 flex-1">
          <Readiness />
        </div>
        <Button onClick={() => setDialog("plan")}>{t("plan.show")}</Button>
        <LaunchButton busy={busy} onLaunch={launch} />
      </div>
      <Sheet
        open={dialog === "plan"}
        onOpenChange={show("plan")}
        title={t("plan.title")}
        className="inset-x-0 top-auto max-h-[85dvh] w-full animate-pop-in rounded-t-lg border-t border-l-0 lg:hidden"
      >
        <div className="p-4">{panel}</div>
      </Sheet>
      <CommandDialog open={dialog === "commands"} onOpenChange={show("commands")} />
      {dialog === "import" && (
        <Suspense>
          <ImportDialog
            open
            onOpenChange={show("import")}
            text={pasted}
            onText={setPasted}
            preview={(values) => resolve(fillDraft(draft, values)).resolved.candidate}
            onApply={(values, count) => {
              setDialog(null);
              change(fillDraft(draft, values), imported("applied", { count }));
            }}
            onAdd={setDialog}
          />
        </Suspense>
      )}
      {dialog === "model" && <AddModel open onOpenChange={show("model")} onAdded={(added) => state.set("modelId", added.id)} />}
      {dialog === "data" && (
        <AddData open onOpenChange={show("data")} onAdded={(added) => setDraft((current) => addUploaded(current, candidate, added.id))} />
      )}
    </LaunchContext>
  );
}

type HeaderProps = { draft: Draft; onChange: (draft: Draft, message: string) => void; onImport: () => void };

function HeaderActions({ draft, onChange, onImport }: HeaderProps) {
  const t = useTranslations("launch");
  const imported = useTranslations("import");
  const words = useWords();
  return (
    <>
      <Button variant="ghost" onClick={() => onChange(emptyDraft, t("startedOver"))}>
        {t("startOver")}
      </Button>
      <Button onClick={onImport}>{imported("open")}</Button>
      <Menu
        trigger={<Button>{t("presets")} ▾</Button>}
        items={presetIds.map((id) => ({
          label: words(presets[id].label),
          detail: words(presets[id].detail),
          icon: isAtPreset(draft, id) ? <Check aria-label={t("presetNow")} size={14} /> : <span />,
          onSelect: () => onChange(applyPreset(draft, id), t("presetApplied", { name: words(presets[id].label) })),
        }))}
      />
    </>
  );
}
