import { api } from "../../../lib/contract/api";
import { reportSystem } from "../../services/system/report";
import { route } from "../router";

export const systemRoutes = [route(api.getSystem, reportSystem)];
