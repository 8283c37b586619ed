"use client";
import { useTranslations } from "use-intl";
import { useFormat } from "@/lib/client/use-format";
import type { MixCounts } from "@/lib/domain/mix";
import { readNames, readSets } from "./data-draft";
import { useLaunch } from "./launch-context";
import { setColor } from "./set-color";
import { nameOf } from "./use-sets";

/** The rows of each set, where there are several; their sums stand above. */
export function PlanSets({ counts }: { counts: MixCounts }) {
  const t = useTranslations("launch.plan");
  const { resolved, find } = useLaunch();
  const own = counts.validationSets.length > 0 ? readNames(resolved.candidate["data.validation.datasetIds"]) : [];
  const sets = readSets(resolved.candidate["data.sets"]);
  if (sets.length + own.length < 2) return null;
  const name = (id: string | null | undefined) => {
    const dataset = find(id ?? "");
    return dataset === null ? "–" : nameOf(dataset);
  };
  return (
    <div>
      <table className="my-1 w-full table-fixed rounded-md bg-sunken text-xs">
        <caption className="sr-only">{t("bySet")}</caption>
        <thead className="text-muted">
          <tr>
            <th scope="col" className="px-2 py-1 text-left font-normal">
              {t("set")}
            </th>
            <th scope="col" className="w-18 px-1 py-1 text-right font-normal">
              {t("trains")}
            </th>
            <th scope="col" className="w-18 px-2 py-1 text-right font-normal">
              {t("validates")}
            </th>
          </tr>
        </thead>
        <tbody>
          {counts.sets.map(({ train, validation }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a set is known by its place in the mixture
            <SetRow key={at} name={name(sets[at]?.datasetId)} color={setColor(at)} trains={train} validates={validation} />
          ))}
          {counts.validationSets.map((rows, at) => (
            <SetRow key={own[at]} name={name(own[at])} color="border border-line-strong" trains={0} validates={rows} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type SetRowProps = { name: string; color: string; trains: number; validates: number };

function SetRow({ name, color, trains, validates }: SetRowProps) {
  const format = useFormat();
  return (
    <tr>
      <th scope="row" title={name} className="truncate px-2 py-0.5 text-left font-normal text-normal last:pb-1.5">
        <span aria-hidden className={`mr-1.5 inline-block size-2 rounded-[2px] ${color}`} />
        {name}
      </th>
      <td className="px-1 py-0.5 text-right text-strong">{format.count(trains)}</td>
      <td className="px-2 py-0.5 text-right text-strong">{format.count(validates)}</td>
    </tr>
  );
}
