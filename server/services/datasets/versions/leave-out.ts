import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LeaveOutChange } from "../../../../lib/contract/dataset";
import type { DatasetId } from "../../../../lib/contract/ids";
import type { ServerContext } from "../../../context";
import { invalidFields } from "../../../errors";
import { comparedSets, overlapDir, readOverlap } from "../overlap/overlap-place";

/** The numbers of the rows that a comparison found, beside the version that is to be made without them. */
export async function bringLeftOut(ctx: ServerContext, id: DatasetId, change: LeaveOutChange, to: string): Promise<void> {
  const at = change.trainIds.indexOf(id);
  if (at === -1) throw refusal("change.trainIds", `${id} is none of the training sets that were compared.`, id);
  const dir = await overlapDir(ctx, comparedSets(ctx, change));
  const found = (await readOverlap(dir))?.sets[at];
  if (found === undefined) throw refusal("change.validationIds", "These sets were not compared yet. Compare them first.", null);
  if (found.leakingRows === 0)
    throw refusal("change.validationIds", "None of its rows stands in validation, so there is nothing to leave out.", 0);
  await mkdir(to, { recursive: true, mode: 0o700 });
  await copyFile(join(dir, `leaking-${at}.idx`), join(to, "leave-out.idx"));
}

const refusal = (path: string, message: string, value: string | number | null) => invalidFields([{ path, message, value }]);
