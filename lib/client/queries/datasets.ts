import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { isReady } from "../../domain/ready-dataset";
import { type ApiInput, api } from "../api";
import { call } from "../request";

export const datasetQueries = {
  all: () => ["datasets"] as const,
  list: () =>
    queryOptions({
      queryKey: ["datasets", "list"] as const,
      queryFn: async ({ signal }) => (await call(api.listDatasets, {}, signal)).datasets.filter(isReady),
    }),
  detail: (datasetId: string) =>
    queryOptions({
      queryKey: ["datasets", "detail", datasetId] as const,
      queryFn: ({ signal }) => call(api.getDataset, { datasetId }, signal),
    }),
  rows: (datasetId: string, offset: number, limit: number) =>
    queryOptions({
      queryKey: ["datasets", "rows", datasetId, offset, limit] as const,
      queryFn: ({ signal }) => call(api.getDatasetRows, { datasetId, offset, limit }, signal),
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
    }),
};

export function useDeleteDataset() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ApiInput<"deleteDataset">) => call(api.deleteDataset, input),
    onSuccess: () => client.invalidateQueries({ queryKey: datasetQueries.all() }),
  });
}
