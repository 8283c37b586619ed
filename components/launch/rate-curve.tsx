"use client";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { useFormat } from "@/lib/client/use-format";
import { followsValidation } from "@/lib/domain/schedule";
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
  const follows = followsValidation(scheduler);
  return (
    <section className="mt-4">
      <div className="mb-1 flex items-baseline justify-between gap-2">
        <h3 className="font-semibold text-normal text-sm">{t("rate")}</h3>
        <span className="text-muted text-xs">
          {follows ? t("rateFollows", { rate }) : flat ? t("rateFlat", { rate }) : t("ratePeak", { rate, steps: warmupSteps })}
        </span>
      </div>
      <Curve label={t("rateLabel", { steps: totalSteps, rate })} points={points} />
      <div aria-hidden className="flex justify-between border-line border-t pt-1 text-[11px] text-muted">
        <span>0</span>
        <span>{format.count(totalSteps)}</span>
      </div>
    </section>
  );
}

/** Drawn here and not by the chart library, which would be a fifth of what Launch loads. */
function Curve({ label, points }: { label: string; points: readonly { x: number; y: number }[] }) {
  const last = points.at(-1)?.x || 1;
  const peak = Math.max(...points.map(({ y }) => y)) || 1;
  const corners = points.map(({ x, y }) => `${((x / last) * 100).toFixed(2)},${(100 - (y / peak) * 94).toFixed(2)}`);
  return (
    <svg role="img" aria-label={label} viewBox="0 0 100 100" preserveAspectRatio="none" className="block h-[84px] w-full">
      <polyline points={corners.join(" ")} fill="none" stroke="var(--iris)" strokeWidth={1.75} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

/** 2e-4, 4.84e-4, 0.001. */
export const writeRate = (rate: number): string => {
  const short = Number(rate.toPrecision(3));
  return short !== 0 && Math.abs(short) < 1e-3 ? short.toExponential().replace("e+", "e") : String(short);
};
