"use client";
import { ArrowLeftRight, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import type { OverlapSets } from "@/lib/client/queries/overlap";
import { useFormat } from "@/lib/client/use-format";
import { MAX_SETS } from "@/lib/contract/mix-names";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { trainableRows } from "@/lib/domain/stage-rows";
import { setsOf } from "./overlap-address";

type OverlapChoiceProps = { all: readonly ReadyDataset[]; sets: OverlapSets; onSets: (sets: OverlapSets) => void };

/** The sets of both sides, as a mixture has them; without validation only what the training sets say among themselves is looked at. */
export function OverlapChoice({ all, sets: { trainIds, validationIds }, onSets }: OverlapChoiceProps) {
  const t = useTranslations("dataset.overlap");
  const others = all.filter(({ id }) => ![...trainIds, ...validationIds].includes(id));
  return (
    <div className="grid items-start gap-x-3 gap-y-4 md:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)]">
      <Side of="training" ids={trainIds} all={all} others={others} onIds={(ids) => onSets(setsOf(ids, validationIds))} />
      <Button
        icon
        variant="ghost"
        className="justify-self-start md:mt-5"
        aria-label={t("swap")}
        title={t("swap")}
        disabled={validationIds.length === 0}
        onClick={() => onSets(setsOf(validationIds, trainIds))}
      >
        <ArrowLeftRight aria-hidden size={15} className="rotate-90 md:rotate-0" />
      </Button>
      <Side of="validation" ids={validationIds} all={all} others={others} onIds={(ids) => onSets(setsOf(trainIds, ids))} />
      {all.length < 2 && <p className="text-muted text-xs md:col-span-3">{t("noOther")}</p>}
    </div>
  );
}

type SideProps = {
  of: "training" | "validation";
  ids: readonly string[];
  all: readonly ReadyDataset[];
  others: readonly ReadyDataset[];
  onIds: (ids: readonly string[]) => void;
};

function Side({ of, ids, all, others, onIds }: SideProps) {
  const t = useTranslations("dataset.overlap");
  const format = useFormat();
  const name = useSetName();
  const add = t(of === "training" ? "addTraining" : "addValidation");
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-muted text-xs">{t(of)}</legend>
      {ids.length > 0 && (
        <ul className="mb-2 divide-y divide-line rounded-md border border-line">
          {ids.map((id) => (
            <ChosenSet
              key={id}
              id={id}
              set={all.find((one) => one.id === id)}
              onRemove={() => onIds(ids.filter((other) => other !== id))}
            />
          ))}
        </ul>
      )}
      <Select
        aria-label={add}
        placeholder={ids.length === 0 && of === "validation" ? t("alone") : add}
        searchable
        disabled={others.length === 0 || ids.length >= MAX_SETS}
        value={null}
        onValueChange={(id) => onIds([...ids, id])}
        options={others.map((one) => ({ value: one.id, label: name(one), detail: format.count(trainableRows(one.report, "sft")) }))}
      />
    </fieldset>
  );
}

function ChosenSet({ id, set, onRemove }: { id: string; set: ReadyDataset | undefined; onRemove: () => void }) {
  const t = useTranslations("dataset.overlap");
  const name = useSetName();
  const words = set === undefined ? id : name(set);
  return (
    <li className="flex min-h-9 items-center gap-3 px-2.5 text-sm">
      <span className="min-w-0 flex-1 truncate text-strong" title={words}>
        {words}
      </span>
      {set && <span className="shrink-0 text-muted text-xs tabular-nums">{t("rows", { count: trainableRows(set.report, "sft") })}</span>}
      <button
        type="button"
        onClick={onRemove}
        aria-label={t("remove", { name: words })}
        className="relative grid size-5 shrink-0 place-items-center rounded text-muted after:absolute after:-inset-1.5 hover:bg-sunken hover:text-strong"
      >
        <X aria-hidden size={14} />
      </button>
    </li>
  );
}

function useSetName(): (set: ReadyDataset) => string {
  const t = useTranslations("dataset");
  return ({ name, version }) => (version > 1 ? `${name} ${t("version", { version })}` : name);
}
