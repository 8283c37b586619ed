import { api } from "../../../lib/contract/api";
import { reportSystem } from "../../services/system/report";
import { reportArguments } from "../../services/system/report-arguments";
import { reportStandby } from "../../services/system/report-standby";
import { setStandby } from "../../services/system/set-standby";
import { route } from "../router";

export const systemRoutes = [
  route(api.getSystem, reportSystem),
  route(api.getArguments, reportArguments),
  route(api.getStandby, reportStandby),
  route(api.setStandby, setStandby),
];
