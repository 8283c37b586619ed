import type * as z from "zod";
import type { Api } from "../contract/api";

export type ApiName = keyof Api;
export type ApiInput<K extends ApiName> = z.input<Api[K]["input"]>;
export type ApiOutput<K extends ApiName> = z.output<Api[K]["output"]>;

/** Method and path of an endpoint; the types ride along and weigh nothing. */
export type Route<I, O> = { readonly method: string; readonly path: string; readonly types?: (input: I) => O };
type Routes = { readonly [K in ApiName]: Route<ApiInput<K>, ApiOutput<K>> };

/**
 * The contract's endpoint table without its schemas: importing those would put zod into the first load of every page.
 * api.test.ts holds both tables equal. The server parses each input and output, so the browser trusts the answer.
 */
export const api: Routes = {
  getSession: { method: "GET", path: "/session" },
  signIn: { method: "POST", path: "/session" },
  signOut: { method: "DELETE", path: "/session" },
  listRuns: { method: "GET", path: "/runs" },
  createRun: { method: "POST", path: "/runs" },
  getRun: { method: "GET", path: "/runs/:runId" },
  renameRun: { method: "PATCH", path: "/runs/:runId" },
  stopRun: { method: "POST", path: "/runs/:runId/stop" },
  saveRun: { method: "POST", path: "/runs/:runId/save" },
  resumeRun: { method: "POST", path: "/runs/:runId/resume" },
  deleteRun: { method: "DELETE", path: "/runs/:runId" },
  deleteCheckpoint: { method: "DELETE", path: "/runs/:runId/checkpoints/:checkpoint" },
  getSeries: { method: "GET", path: "/runs/:runId/series" },
  getLog: { method: "GET", path: "/runs/:runId/log" },
  getResolved: { method: "GET", path: "/runs/:runId/resolved" },
  quickStart: { method: "GET", path: "/quick-start" },
  listExports: { method: "GET", path: "/exports" },
  forecastExport: { method: "POST", path: "/exports/forecast" },
  createExport: { method: "POST", path: "/exports" },
  listChatModels: { method: "GET", path: "/chat/models" },
  warmChat: { method: "POST", path: "/chat/warm" },
  unloadChat: { method: "POST", path: "/chat/unload" },
  listModels: { method: "GET", path: "/models" },
  addModel: { method: "POST", path: "/models" },
  deleteModel: { method: "DELETE", path: "/models/:modelId" },
  listDatasets: { method: "GET", path: "/datasets" },
  getDataset: { method: "GET", path: "/datasets/:datasetId" },
  getDatasetRows: { method: "GET", path: "/datasets/:datasetId/rows" },
  createDataset: { method: "POST", path: "/datasets" },
  scanRegistry: { method: "POST", path: "/datasets/registry" },
  queryRows: { method: "POST", path: "/datasets/:datasetId/table" },
  stopTable: { method: "POST", path: "/datasets/:datasetId/table/stop" },
  getRawRow: { method: "GET", path: "/datasets/:datasetId/raw/:row" },
  getColumns: { method: "GET", path: "/datasets/:datasetId/columns" },
  previewMapping: { method: "POST", path: "/datasets/:datasetId/preview" },
  guessMapping: { method: "POST", path: "/datasets/:datasetId/guess" },
  checkDataset: { method: "POST", path: "/datasets/:datasetId/check" },
  changeDataset: { method: "POST", path: "/datasets/:datasetId/change" },
  previewReplace: { method: "POST", path: "/datasets/:datasetId/replace" },
  compareVersions: { method: "POST", path: "/datasets/:datasetId/compare" },
  compareRows: { method: "GET", path: "/datasets/:datasetId/compare/:beforeId" },
  forecastRows: { method: "GET", path: "/datasets/:datasetId/export/forecast" },
  renameDataset: { method: "PATCH", path: "/datasets/:datasetId" },
  getProblems: { method: "GET", path: "/datasets/:datasetId/problems" },
  inspectRow: { method: "POST", path: "/datasets/:datasetId/inspect" },
  listTemplates: { method: "GET", path: "/templates" },
  measureLengths: { method: "POST", path: "/datasets/:datasetId/lengths" },
  findOverlap: { method: "POST", path: "/overlap" },
  getOverlapFindings: { method: "POST", path: "/overlap/findings" },
  deleteDataset: { method: "DELETE", path: "/datasets/:datasetId" },
  getSystem: { method: "GET", path: "/system" },
  getArguments: { method: "GET", path: "/system/arguments" },
  getStandby: { method: "GET", path: "/system/standby" },
  setStandby: { method: "PATCH", path: "/system/standby" },
};
