"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { runQueries } from "@/lib/client/queries/runs";
import type { Run } from "@/lib/contract/run";
import { StartFrom } from "@/lib/contract/train-spec";
import { isChanged } from "./draft";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { FieldGrid } from "./section";
import { useProblemText } from "./use-problem-text";

const FRESH = "fresh";
const PATH = "startFrom";

/** A fresh adapter, or that of a checkpoint which was trained on the same model. */
export function StartField() {
  const t = useTranslations("launch.startFrom");
  const problemText = useProblemText();
  const { resolved, check, set, reset } = useLaunch();
  const runs = useQuery(runQueries.list()).data ?? [];
  const start = StartFrom.safeParse(resolved.candidate[PATH]).data ?? null;
  const problem = problemAt(check, PATH);
  const offers = checkpointsOf(runs, resolved.candidate.modelId);
  const known = start !== null && !offers.some((one) => one.key === keyOf(start));
  if (offers.length === 0 && start === null) return null;
  const choose = (key: string) => {
    const offer = offers.find((one) => one.key === key);
    set(PATH, offer === undefined ? null : { runId: offer.runId, checkpoint: offer.checkpoint, how: start?.how ?? "continue" });
  };
  return (
    <div className="mb-4">
      <FieldGrid>
        <Field
          id={fieldId(PATH)}
          label={t("label")}
          help={t("help")}
          error={problem && problemText(problem)}
          changed={isChanged(resolved, PATH)}
          onReset={() => reset(PATH)}
        >
          <Select
            value={start === null ? FRESH : keyOf(start)}
            onValueChange={choose}
            options={[
              { value: FRESH, label: t("fresh") },
              ...offers.map(({ key, run, checkpoint }) => ({ value: key, label: t("of", { run, checkpoint }) })),
              ...(known ? [{ value: keyOf(start), label: start.checkpoint }] : []),
            ]}
          />
        </Field>
        {start !== null && (
          <Field id={fieldId("startFrom.how")} label={t("how")} hint={t(start.how === "continue" ? "continueHint" : "onTopHint")}>
            <Segmented
              aria-label={t("how")}
              value={start.how}
              onValueChange={(how) => set(PATH, { ...start, how })}
              options={[
                { value: "continue", label: t("continue") },
                { value: "onTop", label: t("onTop") },
              ]}
            />
          </Field>
        )}
      </FieldGrid>
    </div>
  );
}

const MAX_OFFERS = 40;
const keyOf = ({ runId, checkpoint }: { runId: string; checkpoint: string }): string => `${runId}/${checkpoint}`;

/** The newest checkpoints first, of runs that trained an adapter on this model. */
const checkpointsOf = (runs: readonly Run[], modelId: unknown) =>
  runs
    .filter(({ spec }) => spec.kind === "train" && spec.lora !== null && spec.modelId === modelId)
    .flatMap((run) =>
      run.checkpoints
        .toReversed()
        .map(({ name }) => ({ key: keyOf({ runId: run.id, checkpoint: name }), runId: run.id, run: run.name, checkpoint: name })),
    )
    .slice(0, MAX_OFFERS);
