"use client";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { CalmLine } from "@/components/charts/calm-line";
import { useFormat } from "@/lib/client/use-format";
import { isKnown, type PartialPlan, rateCurve } from "./plan-figures";

export function RateCurve({ partial }: { partial: PartialPlan }) {
  const t = useTranslations("launch.plan");
  const format = useFormat();
  const points = useMemo(() => rateCurve(partial.planned, partial.plan), [partial]);
  if (!isKnown("rate", partial.wrong)) return null;
  const { totalSteps, warmupSteps } = partial.plan;
  const { scheduler, learningRate } = partial.planned.training;
  const rate = writeRate(learningRate);
  const flat = scheduler === "constant" || (scheduler === "constant_with_warmup" && warmupSteps === 0);
  return (
    <section className="mt-4">
      <div className="mb-1 flex items-baseline justify-between gap-2">
        <h3 className="font-semibold text-normal text-sm">{t("rate")}</h3>
        <span className="text-muted text-xs">{flat ? t("rateFlat", { rate }) : t("ratePeak", { rate, steps: warmupSteps })}</span>
      </div>
      <CalmLine
        label={t("rateLabel", { steps: totalSteps, rate })}
        points={points}
        height={84}
        axes={false}
        formatY={writeRate}
        xLabel={t("step")}
        yLabel={t("rate")}
      />
      <div aria-hidden className="flex justify-between border-line border-t pt-1 text-[11px] text-muted">
        <span>0</span>
        <span>{format.count(totalSteps)}</span>
      </div>
    </section>
  );
}

/** 2e-4, 4.84e-4, 0.001. */
export const writeRate = (rate: number): string => {
  const short = Number(rate.toPrecision(3));
  return short !== 0 && Math.abs(short) < 1e-3 ? short.toExponential().replace("e+", "e") : String(short);
};
