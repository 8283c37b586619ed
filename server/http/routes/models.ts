import { api } from "../../../lib/contract/api";
import { addModel } from "../../services/models/add";
import { listModels } from "../../services/models/list";
import { removeModel } from "../../services/models/remove";
import { route } from "../router";

export const modelRoutes = [route(api.listModels, listModels), route(api.addModel, addModel), route(api.deleteModel, removeModel)];
