"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { systemQueries } from "@/lib/client/queries/system";
import { useFormat } from "@/lib/client/use-format";
import { useLaunch } from "./launch-context";
import { isKnown, type PartialPlan, stateBytes, trainingBytes } from "./plan-figures";

/** Only what can be counted: weights, gradients, optimiser. Says that activations come on top. */
export function MemoryBar({ partial: { plan, planned, wrong } }: { partial: PartialPlan }) {
  const t = useTranslations("launch.plan");
  const format = useFormat();
  const { model } = useLaunch();
  const system = useQuery(systemQueries.report()).data;
  const bytes = trainingBytes(planned.training.precision, system?.environment ?? null);
  const state = bytes === null || !isKnown("trainable", wrong) ? null : stateBytes(plan, planned, bytes, model?.facts ?? null);
  if (state === null) return null;
  const device = system?.devices.find(({ kind }) => kind === "gpu") ?? system?.devices[0];
  const whole = Math.max(device?.memoryBytes ?? 0, state.total);
  const parts = [
    { name: t("weights"), bytes: state.weights, color: "bg-s1" },
    { name: t("gradients"), bytes: state.gradients, color: "bg-s6" },
    { name: t("optimiser"), bytes: state.optimiser, color: "bg-s3" },
  ];
  const tooMuch = device !== undefined && state.total > device.memoryBytes;
  return (
    <section className="mt-4">
      <div className="flex items-baseline justify-between gap-2">
        <h3 className="font-semibold text-normal text-sm" title={t("memoryHelp")}>
          {t("memory")}
        </h3>
        <span className={`text-xs ${tooMuch ? "font-medium text-failed" : "text-strong"}`}>
          {device ? t("ofDevice", { used: format.bytes(state.total), total: format.bytes(device.memoryBytes) }) : format.bytes(state.total)}
        </span>
      </div>
      <div aria-hidden className="mt-2 flex h-3 gap-px overflow-hidden rounded bg-sunken">
        {parts.map((part) => (
          <span key={part.name} className={part.color} style={{ width: `${(100 * part.bytes) / whole}%`, minWidth: 2 }} />
        ))}
      </div>
      <ul className="mt-1.5 flex flex-wrap gap-x-3 gap-y-0.5 text-muted text-xs">
        {parts.map((part) => (
          <li key={part.name} className="inline-flex items-center gap-1">
            <span aria-hidden className={`size-2 rounded-[2px] ${part.color}`} />
            {part.name} <span className="text-normal">{format.bytes(part.bytes)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
