import type { Run } from "../contract/run";

/** Name of the checkpoint with the least validation loss; null where none was evaluated. */
export function bestCheckpoint(run: Pick<Run, "checkpoints">): string | null {
  let best: { name: string; evalLoss: number } | null = null;
  for (const { name, evalLoss } of run.checkpoints)
    if (evalLoss !== null && (best === null || evalLoss < best.evalLoss)) best = { name, evalLoss };
  return best?.name ?? null;
}

/** What a person most likely wants to talk to: the best one, else the newest. */
export const recommendedCheckpoint = (run: Pick<Run, "checkpoints">): string | null =>
  bestCheckpoint(run) ?? run.checkpoints.at(-1)?.name ?? null;
