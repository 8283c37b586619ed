"use client";
import { X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { Field } from "@/components/ui/field";
import { NumberField } from "@/components/ui/number-field";
import { Select } from "@/components/ui/select";
import { useFormat } from "@/lib/client/use-format";
import { MAX_WEIGHT, MIN_WEIGHT } from "@/lib/contract/mix-names";
import { CapField } from "./cap-field";
import { isWeighted, type SetChoice } from "./data-draft";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { setColor } from "./set-color";
import { useCountWords } from "./use-count-words";
import { useProblemText } from "./use-problem-text";
import { LOOK_THROUGH, useSetOptions, useSets } from "./use-sets";

/** One line of a mixture: which set, how much of it, and what that comes to. */
export function MixedSet({ set, at }: { set: SetChoice; at: number }) {
  const t = useTranslations("launch.data");
  const problemText = useProblemText();
  const { resolved, check, find } = useLaunch();
  const { sets, change } = useSets();
  const options = useSetOptions(sets.map(({ datasetId }) => datasetId).filter((_id, index) => index !== at));
  const path = `data.sets.${at}.datasetId`;
  const problem = problemAt(check, path);
  const weighted = isWeighted(resolved.candidate);
  const name = find(set.datasetId ?? "")?.name ?? String(at + 1);
  return (
    <li>
      <div
        className={cn(
          "grid grid-cols-2 items-start gap-x-3 gap-y-2",
          weighted ? "sm:grid-cols-[minmax(0,1fr)_84px_136px]" : "sm:grid-cols-[minmax(0,1fr)_136px]",
        )}
      >
        <Field
          id={fieldId(path)}
          label={t("set", { number: at + 1 })}
          error={problem && problemText(problem)}
          aside={<RemoveButton at={at} name={name} />}
          className="max-sm:col-span-2"
        >
          <Select
            searchable={options.length > LOOK_THROUGH}
            value={set.datasetId}
            onValueChange={(datasetId) => change(at, { datasetId })}
            placeholder={t("choose")}
            options={options}
          />
        </Field>
        {weighted && <WeightField at={at} weight={set.weight} />}
        <CapField at={at} />
      </div>
      <Outcome at={at} set={set} />
    </li>
  );
}

function WeightField({ at, weight }: { at: number; weight: number }) {
  const t = useTranslations("launch.data");
  const problemText = useProblemText();
  const { check } = useLaunch();
  const { change } = useSets();
  const path = `data.sets.${at}.weight`;
  const problem = problemAt(check, path);
  return (
    <Field id={fieldId(path)} label={t("weight")} help={t("weightHelp")} error={problem && problemText(problem)}>
      <NumberField
        value={weight}
        onValueChange={(next) => change(at, { weight: next ?? Number.NaN })}
        step={0.5}
        min={MIN_WEIGHT}
        max={MAX_WEIGHT}
      />
    </Field>
  );
}

function RemoveButton({ at, name }: { at: number; name: string }) {
  const t = useTranslations("launch.data");
  const { jump } = useLaunch();
  const { remove } = useSets();
  const onClick = () => {
    remove(at);
    // The button goes with its line; the keyboard goes on from the one before.
    jump(`data.sets.${Math.max(0, at - 1)}.datasetId`);
  };
  return (
    <button
      type="button"
      onClick={onClick}
      aria-label={t("remove", { name })}
      title={t("remove", { name })}
      className="relative grid size-5 place-items-center rounded text-muted after:absolute after:-inset-1.5 hover:bg-sunken hover:text-strong"
    >
      <X aria-hidden size={14} />
    </button>
  );
}

/** The set's part of an epoch as a bar, and its rows in words. */
function Outcome({ at, set }: { at: number; set: SetChoice }) {
  const t = useTranslations("launch.data");
  const format = useFormat();
  const words = useCountWords();
  const { data, find } = useLaunch();
  const counts = data.counts.sets[at];
  const dataset = find(set.datasetId ?? "");
  if (dataset === null || counts === undefined) return null;
  const share = data.wrong || data.counts.trainRows === 0 ? null : counts.train / data.counts.trainRows;
  return (
    <div className="mt-2 text-xs">
      <span aria-hidden className="block h-1.5 overflow-hidden rounded-[3px] bg-line">
        <span className={cn("block h-full rounded-[3px]", setColor(at))} style={{ width: `${100 * (share ?? 0)}%` }} />
      </span>
      <p className="mt-1 flex flex-wrap gap-x-2 text-muted">
        {share === null ? (
          t("countLater")
        ) : (
          <>
            <span className="text-strong">{t("share", { share: format.percent(share) })}</span>
            {words(counts)}
          </>
        )}
        <Link href={`/data/${dataset.id}`} prefetch={false} className="ml-auto font-medium text-link hover:underline">
          {t("look")} →
        </Link>
      </p>
    </div>
  );
}
