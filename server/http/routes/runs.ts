import { api } from "../../../lib/contract/api";
import { createRun } from "../../services/runs/create";
import { deleteCheckpoint } from "../../services/runs/delete-checkpoint";
import { getRun } from "../../services/runs/get";
import { getLog } from "../../services/runs/get-log";
import { getResolved } from "../../services/runs/get-resolved";
import { getSeries } from "../../services/runs/get-series";
import { listRuns } from "../../services/runs/list";
import { quickStart } from "../../services/runs/quick-start";
import { deleteRun } from "../../services/runs/remove";
import { renameRun } from "../../services/runs/rename";
import { resumeRun } from "../../services/runs/resume";
import { saveRun } from "../../services/runs/save";
import { stopRun } from "../../services/runs/stop";
import { route, textRoute } from "../router";

export const runRoutes = [
  textRoute(api.listRuns, listRuns),
  route(api.createRun, createRun),
  route(api.getRun, getRun),
  route(api.renameRun, renameRun),
  route(api.stopRun, stopRun),
  route(api.saveRun, saveRun),
  route(api.resumeRun, resumeRun),
  route(api.deleteRun, deleteRun),
  route(api.deleteCheckpoint, deleteCheckpoint),
  textRoute(api.getSeries, getSeries),
  textRoute(api.getLog, getLog),
  route(api.getResolved, getResolved),
  route(api.quickStart, quickStart),
];
