import type { StandbyReport } from "../../../lib/contract/system";
import type { ServerContext } from "../../context";

export async function setStandby({ standby }: ServerContext, { allowed }: { allowed: boolean }): Promise<StandbyReport> {
  standby.allow(allowed);
  return standby.report();
}
