import { setImmediate } from "node:timers/promises";
import type { LogSlice } from "../../../lib/contract/api";
import type { RunId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { readLog } from "../../stores/run-log";

const PIECE_CHARACTERS = 64 * 1024;

type Input = { runId: RunId; from?: number | undefined; limit: number };

/** A `LogSlice` as text, piece by piece: a million characters are not written in one go. */
export async function* getLog(ctx: ServerContext, { runId, from, limit }: Input): AsyncGenerator<string> {
  const run = ctx.runs.getOrThrow(runId);
  for (const piece of asPieces(await readLog(ctx.runDirs, runId, run.attempt, { from: from ?? null, limit }))) {
    yield piece;
    await setImmediate();
  }
}

/** Half of a letter at the end of a piece is written by its number, and is whole again when it is read. */
export function* asPieces({ text, ...rest }: LogSlice): Generator<string> {
  yield `${JSON.stringify(rest).slice(0, -1)},"text":"`;
  for (let at = 0; at < text.length; at += PIECE_CHARACTERS) yield JSON.stringify(text.slice(at, at + PIECE_CHARACTERS)).slice(1, -1);
  yield '"}';
}
