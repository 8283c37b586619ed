"use client";
import { useTranslations } from "use-intl";
import { useFormat } from "@/lib/client/use-format";
import { useLaunch } from "./launch-context";
import { isKnown, type PartialPlan, type restsOn } from "./plan-figures";
import { Exact, PlanLine } from "./plan-line";
import { PlanSets } from "./plan-sets";

const NONE = "–";

export function PlanFigures({ partial }: { partial: PartialPlan | null }) {
  const t = useTranslations("launch.plan");
  const format = useFormat();
  const { chosenSets, data } = useLaunch();
  const known = (line: keyof typeof restsOn) => partial !== null && isKnown(line, partial.wrong);
  const plan = partial?.plan;
  const planned = partial?.planned;
  const stepsDetail = () => {
    if (!plan || !planned || !known("steps")) return undefined;
    return planned.training.maxSteps === null
      ? t("stepsFormula", { epochs: format.count(planned.training.epochs), perEpoch: format.count(plan.stepsPerEpoch) })
      : t("stepsSet", { epochs: format.count(Number(plan.epochs.toPrecision(3))) });
  };
  const total = chosenSets.reduce((sum, { report }) => sum + report.rows, 0);
  const { repeatedRows } = data.counts;
  const rowsDetail = () => {
    if (chosenSets.length === 0) return undefined;
    return repeatedRows > 0 && known("rows")
      ? t("withRepeats", { count: format.count(repeatedRows) })
      : t("ofRows", { total: format.count(total) });
  };
  return (
    <dl className="space-y-1.5">
      <PlanLine label={t("trainRows")} value={plan && known("rows") ? format.count(plan.trainRows) : NONE} detail={rowsDetail()} />
      <PlanLine label={t("evalRows")} value={plan && known("rows") ? format.count(plan.evalRows) : NONE} />
      {partial && known("rows") && <PlanSets counts={partial.counts} />}
      <PlanLine label={t("steps")} value={plan && known("steps") ? format.count(plan.totalSteps) : NONE} detail={stepsDetail()} />
      <PlanLine
        label={t("batch")}
        value={plan && known("batch") ? format.count(plan.effectiveBatch) : NONE}
        detail={
          planned && known("batch")
            ? t("batchFormula", {
                batch: planned.training.batchSize,
                accumulation: planned.training.gradientAccumulation,
                processes: planned.training.processes,
              })
            : undefined
        }
      />
      <TrainableLine partial={partial} />
      <CheckpointLine partial={partial} />
      <PlanLine label={t("time")} value={<span className="text-muted">{t("timeUnknown")}</span>} />
    </dl>
  );
}

function TrainableLine({ partial }: { partial: PartialPlan | null }) {
  const t = useTranslations("launch.plan");
  const format = useFormat();
  if (partial === null || !isKnown("trainable", partial.wrong)) return <PlanLine label={t("trainable")} value={NONE} />;
  const { trainableParameters, totalParameters } = partial.plan;
  if (trainableParameters === null || totalParameters === null)
    return <PlanLine label={t("trainable")} value={<span className="text-muted">{t("unknown")}</span>} />;
  // peft counts the adapter's own parameters into the whole.
  const whole = partial.planned.lora === null ? totalParameters : totalParameters + trainableParameters;
  return (
    <PlanLine
      label={t("trainable")}
      value={<Exact value={trainableParameters} />}
      detail={sharePercent(trainableParameters / whole, format.percent)}
    />
  );
}

function CheckpointLine({ partial }: { partial: PartialPlan | null }) {
  const t = useTranslations("launch.plan");
  const format = useFormat();
  if (partial === null || !isKnown("checkpoints", partial.wrong)) return <PlanLine label={t("checkpoints")} value={NONE} />;
  const { plan, wrong } = partial;
  const size = isKnown("trainable", wrong) ? plan.checkpointBytes : null;
  const count = format.count(plan.checkpoints);
  return <PlanLine label={t("checkpoints")} value={size === null ? count : t("checkpointsOf", { count, size: format.bytes(size) })} />;
}

/** A share too small for two figures is not nothing. */
const sharePercent = (share: number, percent: (ratio: number) => string): string =>
  share > 0 && share < 1e-4 ? `< ${percent(1e-4)}` : percent(share);
