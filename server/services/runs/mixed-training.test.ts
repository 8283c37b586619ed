import { readFileSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import type { TrainData } from "../../../lib/contract/train-data";
import { mixCounts } from "../../../lib/domain/mix";
import { isEnded } from "../../../lib/domain/run-status";
import { compose } from "../../compose";
import { silentLog } from "../../log";
import { chatRow, makeDemoModel, makeReadyDataset } from "../../testing/make-ready";
import { makeTrainSpec } from "../../testing/make-run";
import { makeHome, testEnv } from "../../testing/make-server";
import { createRun } from "./create";

const talks = (word: string, count: number) => Array.from({ length: count }, (_, at) => chatRow(`${word} ${at}?`, `${word} ${at}!`));

test("two sets train in the counts that were shown before the launch, in the real trainer", { timeout: 180_000 }, async () => {
  const home = makeHome();
  const ctx = compose(testEnv(home), silentLog);
  try {
    const [first, second] = [makeReadyDataset(ctx, talks("one", 40)), makeReadyDataset(ctx, talks("two", 12))];
    const data: TrainData = {
      sets: [
        { datasetId: first, weight: 1, maxRows: 30 },
        { datasetId: second, weight: 1.5, maxRows: null },
      ],
      mix: "interleave_all",
      validation: { type: "fraction", fraction: 0.2, stratified: false },
    };
    const { training, lora } = makeTrainSpec();
    const spec = makeTrainSpec({ modelId: makeDemoModel(ctx), data, lora, training: { ...training, maxSteps: 1, cutoffLength: 64 } });
    const shown = mixCounts(data, { sets: [40, 12], validation: [] }, spec.training.seed);

    const { id } = await createRun(ctx, { spec });
    const run = await ctx.tasks.waitFor(id, ({ status }) => isEnded(status), 170_000);

    expect(run.failure).toBeNull();
    expect(run.plan).toMatchObject({ trainRows: shown.trainRows, evalRows: shown.evalRows, droppedRows: 0 });
    expect(run.plan?.sets).toEqual(shown.sets.map((counts) => ({ name: "made", dropped: 0, ...counts })));
    expect(shown).toMatchObject({ evalRows: 8, unusedRows: 0 });
    expect(shown.repeatedRows).toBeGreaterThan(0);
    const resolved = JSON.parse(readFileSync(ctx.runDirs.paths(id).attempt(1).resolved, "utf8"));
    const known = [first, second].map((one) => ctx.datasets.getOrThrow(one).report?.sha256);
    expect(resolved.datasets.map(({ sha256 }: { sha256: string }) => sha256)).toEqual(known);
    expect(run.last.eval_loss).toBeGreaterThan(0);
  } finally {
    await ctx.tasks.close();
    ctx.db.close();
    rmSync(home, { recursive: true, force: true });
  }
});
