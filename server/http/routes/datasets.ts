import { api } from "../../../lib/contract/api";
import { getDataset } from "../../services/datasets/get";
import { listDatasets } from "../../services/datasets/list";
import { removeDataset } from "../../services/datasets/remove";
import { getDatasetRows } from "../../services/datasets/rows";
import { route } from "../router";

export const datasetRoutes = [
  route(api.listDatasets, listDatasets),
  route(api.getDataset, getDataset),
  route(api.getDatasetRows, getDatasetRows),
  route(api.deleteDataset, removeDataset),
];
