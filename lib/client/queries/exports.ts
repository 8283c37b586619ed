import { queryOptions, skipToken, useMutation, useQueryClient } from "@tanstack/react-query";
import type { ExportSpec } from "../../contract/job-spec";
import type { Run } from "../../contract/run";
import { type ApiInput, api } from "../api";
import { upsertRuns } from "../live-lists";
import { call } from "../request";

export const exportQueries = {
  list: () =>
    queryOptions({
      queryKey: ["exports", "list"] as const,
      queryFn: async ({ signal }): Promise<Run[]> => (await call(api.listExports, {}, signal)).runs,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  /** Null while the form is not complete: nothing is asked. */
  forecast: (spec: ExportSpec | null) =>
    queryOptions({
      queryKey: ["exports", "forecast", spec] as const,
      queryFn: spec === null ? skipToken : ({ signal }: { signal: AbortSignal }) => call(api.forecastExport, { spec }, signal),
    }),
};

export function useCreateExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ApiInput<"createExport">) => call(api.createExport, input),
    onSuccess: (run) => upsertRuns(client, { upserts: [run], removed: [] }),
  });
}
