"use client";
import { useTranslations } from "use-intl";
import type { SelectOption } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset } from "@/lib/contract/dataset";
import { trainableRows } from "@/lib/domain/stage-rows";
import { readSets, type SetChoice, withChange, withSet } from "./data-draft";
import { useLaunch } from "./launch-context";

/** The sets to be trained, and what can be done with them. */
export function useSets() {
  const t = useTranslations("launch");
  const { resolved, find, set } = useLaunch();
  const sets = readSets(resolved.candidate["data.sets"]);
  const write = (next: SetChoice[]) => set("data.sets", next);
  return {
    sets,
    change: (at: number, change: Partial<SetChoice>) => write(withChange(sets, at, change)),
    add: (datasetId: string) => write(withSet(sets, datasetId)),
    remove: (at: number) => {
      const name = find(sets[at]?.datasetId ?? "")?.name ?? String(at + 1);
      write(sets.filter((_set, index) => index !== at));
      toast.message(t("data.removed", { name }), { action: { label: t("undo"), onClick: () => write(sets) } });
    },
  };
}

/** Sets to choose from; those that have a part already can't take another. */
export function useSetOptions(taken: readonly (string | null)[]): SelectOption[] {
  const t = useTranslations("launch.data");
  const forms = useTranslations("common.form");
  const format = useFormat();
  const { datasets, resolved } = useLaunch();
  return datasets.map((dataset) => {
    const { id, report } = dataset;
    const fitting = trainableRows(report, resolved.stage);
    const fits = fitting === report.usableRows ? "" : ` · ${t("fits", { count: fitting })}`;
    const rows = t("rows", { usable: format.count(report.usableRows), total: format.count(report.rows) });
    const used = taken.includes(id);
    return { value: id, label: nameOf(dataset), detail: used ? t("taken") : `${rows} · ${forms(report.format)}${fits}`, disabled: used };
  });
}

/** Versions of one set share its name. */
export const nameOf = ({ name, version }: Pick<Dataset, "name" | "version">): string => (version > 1 ? `${name} v${version}` : name);

/** A longer list is searched. */
export const LOOK_THROUGH = 8;
