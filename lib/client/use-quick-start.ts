import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { runQueries, useCreateRun } from "./queries/runs";
import { newRequestId } from "./request-id";

/** Starts the ready-made first run and goes to its page. Rejects with the ApiError that says why not. */
export function useQuickStart(): { start: () => Promise<void>; starting: boolean } {
  const client = useQueryClient();
  const router = useRouter();
  const createRun = useCreateRun();
  const [starting, setStarting] = useState(false);
  const start = async () => {
    setStarting(true);
    try {
      const { spec } = await client.fetchQuery(runQueries.quickStart());
      const run = await createRun.mutateAsync({ spec, requestId: newRequestId() });
      router.push(`/runs/${run.id}`);
    } finally {
      setStarting(false);
    }
  };
  return { start, starting };
}
