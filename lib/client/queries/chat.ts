import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ApiInput, api } from "../api";
import { call } from "../request";

export const chatQueries = {
  models: () =>
    queryOptions({
      queryKey: ["chat", "models"] as const,
      queryFn: async ({ signal }) => (await call(api.listChatModels, {}, signal)).models,
    }),
};

export const useWarmChat = () => useChatMutation((input: ApiInput<"warmChat">) => call(api.warmChat, input));
export const useUnloadChat = () => useChatMutation((input: ApiInput<"unloadChat">) => call(api.unloadChat, input));

function useChatMutation<I, O>(mutationFn: (input: I) => Promise<O>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: ["chat"] }) });
}
