import { api } from "../../../lib/contract/api";
import { listChatModels } from "../../services/chat/list-models";
import { unloadChat } from "../../services/chat/unload";
import { warmChat } from "../../services/chat/warm";
import { route } from "../router";

export const chatRoutes = [route(api.listChatModels, listChatModels), route(api.warmChat, warmChat), route(api.unloadChat, unloadChat)];
