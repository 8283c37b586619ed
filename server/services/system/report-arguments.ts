import type { InstalledArguments } from "../../../lib/contract/arguments";
import type { ServerContext } from "../../context";
import { installedArguments } from "../../system/arguments";

export const reportArguments = (ctx: ServerContext, _input: object): Promise<InstalledArguments | null> => installedArguments(ctx);
