import { LoadingState } from "@/components/layout/states";
import { Skeleton } from "@/components/ui/skeleton";

export const RunsLoading = () => (
  <LoadingState>
    <div className="mb-3 flex gap-3">
      <Skeleton className="h-8 w-80" />
      <Skeleton className="hidden h-8 w-32 sm:block" />
      <Skeleton className="hidden h-8 w-32 sm:block" />
    </div>
    <div className="rounded-lg border border-line bg-panel">
      {["a", "b", "c", "d", "e", "f"].map((row) => (
        <div key={row} className="flex h-10 items-center gap-6 border-line border-b px-4 last:border-b-0">
          <Skeleton className="h-3 w-20" />
          <Skeleton className="h-3 w-48" />
          <Skeleton className="hidden h-3 flex-1 md:block" />
          <Skeleton className="ml-auto h-3 w-24" />
        </div>
      ))}
    </div>
  </LoadingState>
);
