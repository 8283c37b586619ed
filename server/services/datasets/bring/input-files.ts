import { stat } from "node:fs/promises";
import type { SourceFile } from "../../../../lib/contract/dataset";
import type { ServerContext } from "../../../context";
import { AppError } from "../../../errors";
import { refuseNoRoom } from "./room";
import { locate } from "./sources/from-path";

export type DataInput = { name: string; path: string; kind: SourceFile["kind"]; encoding: string };

/** Files as a task reads them: still there, unchanged, and with room for what comes of them. */
export async function inputFiles(ctx: ServerContext, files: readonly SourceFile[]): Promise<DataInput[]> {
  const inputs = await Promise.all(files.map((file) => readable(ctx, file)));
  await refuseNoRoom(
    ctx.env.home,
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  return inputs;
}

/** A file of the person may have gone, moved behind a link or changed since it was looked at. */
async function readable(ctx: ServerContext, file: SourceFile): Promise<DataInput> {
  const { path } = file;
  // What is kept by us was made UTF-8 when it came, and only UTF-8 is read in place.
  const input = { name: file.name, path, kind: file.kind, encoding: "utf-8" };
  if (file.managed) return input;
  const real = await locate(ctx, path, "datasetId");
  const now = await stat(real);
  if (real === path && now.size === file.bytes && now.mtimeMs === file.modifiedAt) return input;
  const reason = `${path} was changed since it was added. Add it again.`;
  throw new AppError("dataset_not_readable", `${file.name}: ${reason}`, { params: { fileName: file.name, reason } });
}
