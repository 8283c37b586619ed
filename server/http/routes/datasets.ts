import { api } from "../../../lib/contract/api";
import { createDataset } from "../../services/datasets/bring/create";
import { scanRegistry } from "../../services/datasets/bring/registry";
import { checkDataset } from "../../services/datasets/check";
import { forecastRows } from "../../services/datasets/exports/forecast-rows";
import { getDataset } from "../../services/datasets/get";
import { guessMapping } from "../../services/datasets/guess";
import { listDatasets } from "../../services/datasets/list";
import { findOverlap } from "../../services/datasets/overlap/overlap";
import { getOverlapFindings } from "../../services/datasets/overlap/overlap-findings";
import { previewMapping } from "../../services/datasets/preview";
import { getProblems } from "../../services/datasets/problems";
import { removeDataset } from "../../services/datasets/remove";
import { renameDataset } from "../../services/datasets/rename";
import { getColumns } from "../../services/datasets/table/columns";
import { getRawRow } from "../../services/datasets/table/raw-row";
import { getDatasetRows } from "../../services/datasets/table/rows";
import { stopTable } from "../../services/datasets/table/stop-table";
import { queryRows } from "../../services/datasets/table/table";
import { inspectRow } from "../../services/datasets/tokens/inspect";
import { measureLengths } from "../../services/datasets/tokens/lengths";
import { listTemplates } from "../../services/datasets/tokens/template";
import { changeDataset } from "../../services/datasets/versions/change";
import { compareRows, compareVersions } from "../../services/datasets/versions/compare";
import { previewReplace } from "../../services/datasets/versions/preview-replace";
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
