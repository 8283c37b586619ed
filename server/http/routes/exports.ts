import { api } from "../../../lib/contract/api";
import { createExport } from "../../services/exports/create";
import { forecastExport } from "../../services/exports/forecast";
import { listExports } from "../../services/exports/list";
import { route, textRoute } from "../router";

export const exportRoutes = [
  textRoute(api.listExports, listExports),
  route(api.forecastExport, forecastExport),
  route(api.createExport, createExport),
];
