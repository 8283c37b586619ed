"use client";
import { CircleCheck } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { useErrorText } from "@/lib/client/use-error-text";
import type { Problem } from "./check";
import { useLaunch } from "./launch-context";
import { MemoryBar } from "./memory-bar";
import { OverlapNote } from "./overlap-note";
import type { PartialPlan } from "./plan-figures";
import { PlanFigures } from "./plan-list";
import { RateCurve } from "./rate-curve";
import { useProblemText } from "./use-problem-text";

export type PlanPanelProps = {
  partial: PartialPlan | null;
  error: unknown;
  busy: boolean;
  onLaunch: () => void;
  onShowCommands: () => void;
};

/** What will happen, with numbers, before anything starts. */
export function PlanPanel({ partial, error, busy, onLaunch, onShowCommands }: PlanPanelProps) {
  const t = useTranslations("launch.plan");
  return (
    <>
      <div className="mb-3 flex min-h-6 items-center gap-2">
        <h2 className="flex-1 font-semibold text-base text-strong max-lg:sr-only">{t("title")}</h2>
        <Readiness />
      </div>
      <ThingsToFix />
      <PlanFigures partial={partial} />
      <OverlapNote />
      {partial && <MemoryBar partial={partial} />}
      {partial && <RateCurve partial={partial} />}
      <Refusal error={error} />
      <LaunchButton busy={busy} onLaunch={onLaunch} className="mt-4 w-full" />
      <div className="mt-2 text-center">
        <Button variant="ghost" size="sm" onClick={onShowCommands}>
          {t("commands")}
        </Button>
      </div>
    </>
  );
}

/** Stays pressable while something is wrong: pressing then leads to the first thing to fix. */
export function LaunchButton({ busy, onLaunch, className }: { busy: boolean; onLaunch: () => void; className?: string }) {
  const t = useTranslations("launch.plan");
  return (
    <Button variant="primary" loading={busy} onClick={onLaunch} className={className}>
      {t("launch")}
      <Kbd>Ctrl ↵</Kbd>
    </Button>
  );
}

export function Readiness() {
  const t = useTranslations("launch.plan");
  const { check } = useLaunch();
  const count = check.problems.length;
  return (
    <span
      aria-live="polite"
      className={`inline-flex items-center gap-1.5 font-medium text-sm ${count === 0 ? "text-succeeded" : "text-failed"}`}
    >
      {count === 0 ? <CircleCheck aria-hidden size={14} /> : <span aria-hidden className="size-2 rounded-full bg-current" />}
      {count === 0 ? t("ready") : t("toFix", { count })}
    </span>
  );
}

function ThingsToFix() {
  const t = useTranslations("launch.plan");
  const { check, data, jump } = useLaunch();
  const problemText = useProblemText();
  if (check.problems.length === 0) return null;
  // Away from its line a sentence has to say which of several sets it is about.
  const say = (problem: Problem) => {
    const at = /^data\.sets\.(\d+)\./.exec(problem.path)?.[1];
    if (at === undefined || data.counts.sets.length < 2) return problemText(problem);
    return t("ofSet", { number: Number(at) + 1, problem: problemText(problem) });
  };
  return (
    <ul className="mb-3 space-y-1 rounded-md bg-failed-soft p-2 text-xs">
      {check.problems.map((problem) => (
        <li key={problem.path}>
          <button
            type="button"
            onClick={() => jump(problem.path)}
            className="w-full rounded px-1.5 py-0.5 text-left text-strong hover:underline"
          >
            {say(problem)}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Refusal({ error }: { error: unknown }) {
  const t = useTranslations("launch.plan");
  const errorText = useErrorText();
  if (!error) return null;
  return (
    <div role="alert" className="mt-4 rounded-md bg-failed-soft p-2.5 text-sm text-strong">
      <p className="font-medium">{t("refused")}</p>
      <p className="break-words">{errorText(error)}</p>
    </div>
  );
}
