import { mkdir, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SourceFile } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { managedPath, type Staging } from "../../stores/dataset-files";
import { uniqueNames, unpackedName } from "./bring/file-name";
import { recodeFile } from "./bring/recode";
import { sniffFile } from "./bring/sniff";
import type { Incoming } from "./bring/sources/incoming";

type Placed = { files: SourceFile[] /** Gives back what was taken. */; undo(): Promise<void> };

/** Each file is looked at, then taken, made UTF-8 or left where it lies. Ours end as `source/<name>` of the staging folder. */
export async function placeFiles(ctx: ServerContext, staging: Staging, id: DatasetId, incoming: readonly Incoming[]): Promise<Placed> {
  const names = uniqueNames(incoming.map(({ name }) => unpackedName(name)));
  const moved: { from: string; to: string }[] = [];
  const undo = async (): Promise<void> => {
    for (const { from, to } of moved) await rename(to, from);
  };
  try {
    const files: SourceFile[] = [];
    for (const [index, file] of incoming.entries()) files.push(await placeOne(file, names[index] ?? file.name));
    refuseMixed(files);
    return { files, undo };
  } catch (error) {
    await undo();
    throw error;
  }

  async function placeOne({ name, path, keep, unpackedFrom = null }: Incoming, plain: string): Promise<SourceFile> {
    const target = join(staging.dir, "source", plain);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const { kind, encoding } = await sniffFile(path, plain);
    const ready = encoding === "utf-8" ? path : await recodeFile(ctx, { from: path, to: `${target}.utf-8`, encoding });
    const managed = ready !== path || keep === "take";
    if (managed && ready !== target) await rename(ready, target);
    if (managed && ready === path && path !== target) moved.push({ from: path, to: target });
    const { size: bytes, mtimeMs: modifiedAt } = await stat(managed ? target : path);
    const where = managed ? { name: plain, path: managedPath(ctx.env.home, id, plain) } : { name, path };
    return { ...where, managed, kind, compression: unpackedFrom, encoding, bytes, modifiedAt };
  }
}

function refuseMixed(files: readonly SourceFile[]): void {
  const kinds = [...new Set(files.map(({ kind }) => kind))];
  if (kinds.length <= 1) return;
  const reason = `the files of one set are of one kind, and these are ${kinds.join(" and ")}. Make a set of each kind.`;
  throw new AppError("dataset_not_readable", `${files[0]?.name}: ${reason}`, { params: { fileName: files[0]?.name ?? "", reason } });
}
