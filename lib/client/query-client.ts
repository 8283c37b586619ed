import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./request";

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // A refusal stays a refusal; only silence and the server's own faults are worth asking again.
        retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
        retryDelay: (count) => 500 * (count + 1),
        refetchOnWindowFocus: false,
      },
    },
  });
