import type { StandbyReport } from "../../../lib/contract/system";
import type { ServerContext } from "../../context";

export async function reportStandby({ standby }: ServerContext, _input: object): Promise<StandbyReport> {
  return standby.report();
}
