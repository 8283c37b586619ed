import { assertNever } from "../../../../../lib/domain/assert-never";
import type { ServerContext } from "../../../../context";
import type { Staging } from "../../../../stores/dataset-files";
import { fromHub } from "./from-hub";
import { fromPaste } from "./from-paste";
import { fromPath } from "./from-path";
import { fromRegistry } from "./from-registry";
import { fromUpload } from "./from-upload";
import type { Collected, CreateDataset } from "./incoming";

export async function collect(ctx: ServerContext, staging: Staging, source: CreateDataset["source"]): Promise<Collected> {
  switch (source.type) {
    case "upload":
      return fromUpload(ctx, source.uploadIds);
    case "paste":
      return fromPaste(staging, source);
    case "path":
      return fromPath(ctx, source.path);
    case "hub":
      return fromHub(source);
    case "registry":
      return fromRegistry(ctx, source);
    default:
      return assertNever(source);
  }
}
