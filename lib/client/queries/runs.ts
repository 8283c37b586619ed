import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Run } from "../../contract/run";
import { type ApiInput, api } from "../api";
import { upsertRuns } from "../live-lists";
import { call } from "../request";

/** Lists are fed by the socket: they never grow stale while it is connected (see live-lists). */
export const runQueries = {
  all: () => ["runs"] as const,
  list: () =>
    queryOptions({
      queryKey: ["runs", "list"] as const,
      queryFn: async ({ signal }): Promise<Run[]> => (await call(api.listRuns, {}, signal)).runs,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  detail: (runId: string) =>
    queryOptions({
      queryKey: ["runs", "detail", runId] as const,
      queryFn: ({ signal }): Promise<Run> => call(api.getRun, { runId }, signal),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  resolved: (runId: string, attempt: number) =>
    queryOptions({
      queryKey: ["runs", "resolved", runId, attempt] as const,
      queryFn: async ({ signal }) => (await call(api.getResolved, { runId }, signal)).resolved,
    }),
  quickStart: () =>
    queryOptions({
      queryKey: ["runs", "quick-start"] as const,
      queryFn: ({ signal }) => call(api.quickStart, {}, signal),
      staleTime: Number.POSITIVE_INFINITY,
    }),
};

export const useCreateRun = () => useRunMutation((input: ApiInput<"createRun">) => call(api.createRun, input));
export const useStopRun = () => useRunMutation((input: ApiInput<"stopRun">) => call(api.stopRun, input));
export const useSaveRun = () => useRunMutation((input: ApiInput<"saveRun">) => call(api.saveRun, input));
export const useResumeRun = () => useRunMutation((input: ApiInput<"resumeRun">) => call(api.resumeRun, input));
export const useRenameRun = () => useRunMutation((input: ApiInput<"renameRun">) => call(api.renameRun, input));
export const useDeleteCheckpoint = () => useRunMutation((input: ApiInput<"deleteCheckpoint">) => call(api.deleteCheckpoint, input));

/** Answers with `freedBytes`; the row leaves the lists at once. */
export function useDeleteRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ApiInput<"deleteRun">) => call(api.deleteRun, input),
    onSuccess: (_, { runId }) => upsertRuns(client, { upserts: [], removed: [runId] }),
  });
}

/** The answer is the run as it now is: it goes into the lists without waiting for the push. */
function useRunMutation<I>(mutationFn: (input: I) => Promise<Run>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: (run) => upsertRuns(client, { upserts: [run], removed: [] }) });
}
