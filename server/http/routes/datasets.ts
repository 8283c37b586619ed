import { api } from "../../../lib/contract/api";
import { changeDataset } from "../../services/datasets/change";
import { checkDataset } from "../../services/datasets/check";
import { getColumns } from "../../services/datasets/columns";
import { compareRows, compareVersions } from "../../services/datasets/compare";
import { createDataset } from "../../services/datasets/create";
import { forecastRows } from "../../services/datasets/forecast-rows";
import { getDataset } from "../../services/datasets/get";
import { guessMapping } from "../../services/datasets/guess";
import { inspectRow } from "../../services/datasets/inspect";
import { measureLengths } from "../../services/datasets/lengths";
import { listDatasets } from "../../services/datasets/list";
import { findOverlap } from "../../services/datasets/overlap";
import { getOverlapFindings } from "../../services/datasets/overlap-findings";
import { previewMapping } from "../../services/datasets/preview";
import { previewReplace } from "../../services/datasets/preview-replace";
import { getProblems } from "../../services/datasets/problems";
import { getRawRow } from "../../services/datasets/raw-row";
import { scanRegistry } from "../../services/datasets/registry";
import { removeDataset } from "../../services/datasets/remove";
import { renameDataset } from "../../services/datasets/rename";
import { getDatasetRows } from "../../services/datasets/rows";
import { stopTable } from "../../services/datasets/stop-table";
import { queryRows } from "../../services/datasets/table";
import { listTemplates } from "../../services/datasets/template";
import { route, textRoute } from "../router";

export const datasetRoutes = [
  route(api.listDatasets, listDatasets),
  route(api.getDataset, getDataset),
  route(api.createDataset, createDataset),
  route(api.scanRegistry, scanRegistry),
  textRoute(api.getDatasetRows, getDatasetRows),
  route(api.getProblems, getProblems),
  route(api.guessMapping, guessMapping),
  route(api.previewMapping, previewMapping),
  route(api.checkDataset, checkDataset),
  route(api.changeDataset, changeDataset),
  route(api.previewReplace, previewReplace),
  route(api.compareVersions, compareVersions),
  route(api.compareRows, compareRows),
  route(api.forecastRows, forecastRows),
  route(api.renameDataset, renameDataset),
  route(api.queryRows, queryRows),
  route(api.stopTable, stopTable),
  textRoute(api.getRawRow, getRawRow),
  route(api.getColumns, getColumns),
  route(api.inspectRow, inspectRow),
  route(api.listTemplates, listTemplates),
  route(api.measureLengths, measureLengths),
  route(api.findOverlap, findOverlap),
  route(api.getOverlapFindings, getOverlapFindings),
  route(api.deleteDataset, removeDataset),
];
