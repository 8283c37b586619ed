"use client";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import type { OverlapSets } from "@/lib/client/queries/overlap";
import { useFormat } from "@/lib/client/use-format";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { setsOf } from "./overlap-address";

const ALONE = "alone";
type Role = "training" | "validation";
type OverlapChoiceProps = {
  dataset: ReadyDataset;
  all: readonly ReadyDataset[];
  sets: OverlapSets;
  onSets: (sets: OverlapSets) => void;
};

/** This set and another one; a link may name more of them. */
export function OverlapChoice({ dataset, all, sets, onSets }: OverlapChoiceProps) {
  const { trainIds, validationIds } = sets;
  const named = [...trainIds, ...validationIds];
  const plain = trainIds.length === 1 && validationIds.length <= 1 && named.some((id) => id === dataset.id);
  return plain ? (
    <OtherSet dataset={dataset} all={all} sets={sets} onSets={onSets} />
  ) : (
    <ManySets all={all} sets={sets} onOther={() => onSets(setsOf(dataset.id, null))} />
  );
}

function OtherSet({ dataset, all, sets, onSets }: OverlapChoiceProps) {
  const t = useTranslations("dataset.overlap");
  const version = useTranslations("dataset");
  const format = useFormat();
  const role: Role = sets.trainIds.some((id) => id === dataset.id) ? "training" : "validation";
  const other = [...sets.trainIds, ...sets.validationIds].find((id) => id !== dataset.id) ?? null;
  const others = all.filter(({ id }) => id !== dataset.id);
  const choose = (nextRole: Role, nextOther: string | null) =>
    onSets(nextRole === "validation" && nextOther !== null ? setsOf(nextOther, dataset.id) : setsOf(dataset.id, nextOther));
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-3 text-sm">
      <div className="flex min-w-0 flex-1 basis-72 items-center gap-2">
        <span className="shrink-0 text-muted">{t("with")}</span>
        <Select
          className="w-full max-w-md"
          aria-label={t("with")}
          searchable
          value={other ?? ALONE}
          onValueChange={(value) => choose(value === ALONE ? "training" : role, value === ALONE ? null : value)}
          options={[
            { value: ALONE, label: t("alone") },
            ...others.map(({ id, name, version: number, report }) => ({
              value: id,
              label: number > 1 ? `${name} ${version("version", { version: number })}` : name,
              detail: format.count(report.usableRows),
            })),
          ]}
        />
      </div>
      {other !== null && (
        <div className="flex items-center gap-2">
          <span className="text-muted">{t("role")}</span>
          <Segmented
            aria-label={t("role")}
            value={role}
            onValueChange={(value) => choose(value, other)}
            options={[
              { value: "training", label: t("training") },
              { value: "validation", label: t("validation") },
            ]}
          />
        </div>
      )}
      {others.length === 0 && <p className="basis-full text-muted text-xs">{t("noOther")}</p>}
    </div>
  );
}

function ManySets({ all, sets, onOther }: { all: readonly ReadyDataset[]; sets: OverlapSets; onOther: () => void }) {
  const t = useTranslations("dataset.overlap");
  const names = (ids: readonly string[]) => ids.map((id) => all.find((one) => one.id === id)?.name ?? id).join(", ");
  const words = { train: names(sets.trainIds), validation: names(sets.validationIds) };
  return (
    <div className="flex flex-wrap items-center gap-3 text-sm">
      <p className="min-w-0 flex-1 break-words text-strong">{t(sets.validationIds.length > 0 ? "sets" : "setsAlone", words)}</p>
      <Button size="sm" onClick={onOther}>
        {t("other")}
      </Button>
    </div>
  );
}
