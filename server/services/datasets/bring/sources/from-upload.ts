import type { ServerContext } from "../../../../context";
import { AppError } from "../../../../errors";
import { findUpload, forgetUpload, type UploadedFile } from "../../../../stores/upload-files";
import { stem, uniqueNames } from "../file-name";
import type { Collected } from "./incoming";

/** Uploads that a data set is being made of: a second wish for one of them is refused. */
const claimed = new Set<string>();

/** Files that were uploaded; several of them are one set. They stay uploads until the data set stands. */
export async function fromUpload(ctx: ServerContext, uploadIds: readonly string[]): Promise<Collected> {
  const ids = [...new Set(uploadIds)];
  const mine = claim(ids);
  try {
    const uploads = await Promise.all(ids.map((id) => findWhole(ctx, id)));
    const names = uniqueNames(uploads.map(({ name }) => name));
    const forget = async (): Promise<void> => void (await Promise.all(uploads.map(forgetUpload)));
    return {
      hub: null,
      name: stem(names[0] ?? ""),
      source: "upload",
      mapping: null,
      files: uploads.map(({ path }, index) => ({ name: names[index] ?? "", path, keep: "take" })),
      done: forget,
      refused: forget,
      release: mine,
    };
  } catch (error) {
    mine();
    throw error;
  }
}

function claim(ids: readonly string[]): () => void {
  const taken = ids.find((id) => claimed.has(id));
  if (taken !== undefined) throw gone(taken);
  for (const id of ids) claimed.add(id);
  return () => {
    for (const id of ids) claimed.delete(id);
  };
}

async function findWhole(ctx: ServerContext, id: string): Promise<UploadedFile> {
  const upload = await findUpload(ctx.env.home, id);
  if (upload === null) throw gone(id);
  if (!upload.complete)
    throw new AppError("bad_request", `${upload.name} is not whole yet: ${upload.bytes} bytes are here. Go on with the upload first.`, {
      fields: [{ path: "source.uploadIds", message: "This upload is not whole yet.", value: id }],
    });
  return upload;
}

const gone = (id: string): AppError =>
  new AppError("file_not_found", `There is no upload ${id}: it was made a data set already, or it expired. Send the file again.`, {
    params: { name: id },
    fields: [{ path: "source.uploadIds", message: "There is no such upload.", value: id }],
  });
