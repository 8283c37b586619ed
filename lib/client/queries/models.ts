import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ApiInput, api } from "../api";
import { call } from "../request";

export const modelQueries = {
  list: () =>
    queryOptions({ queryKey: ["models", "list"] as const, queryFn: async ({ signal }) => (await call(api.listModels, {}, signal)).models }),
};

export const useAddModel = () => useModelMutation((input: ApiInput<"addModel">) => call(api.addModel, input));
export const useDeleteModel = () => useModelMutation((input: ApiInput<"deleteModel">) => call(api.deleteModel, input));

/** What can be talked to follows the models. */
function useModelMutation<I, O>(mutationFn: (input: I) => Promise<O>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () =>
      Promise.all([client.invalidateQueries({ queryKey: ["models"] }), client.invalidateQueries({ queryKey: ["chat", "models"] })]),
  });
}
