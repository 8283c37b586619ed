"use client";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/layout/page-header";
import { EmptyState, ErrorState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { runQueries } from "@/lib/client/queries/runs";
import type { Run } from "@/lib/contract/run";
import { RunsEmpty } from "./runs-empty";
import { RunsList } from "./runs-list";
import { RunsLoading } from "./runs-loading";
import { RunsToolbar } from "./runs-toolbar";
import { type RunsView, readView, viewRuns, writeView } from "./runs-view";

export function RunsPage() {
  const t = useTranslations("runs");
  const runs = useQuery(runQueries.list());
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          <Button asChild variant="primary">
            <Link href="/launch" prefetch={false}>
              <Plus aria-hidden size={15} />
              {t("new")}
              <Kbd>n</Kbd>
            </Link>
          </Button>
        }
      />
      {runs.data ? (
        runs.data.length === 0 ? (
          <RunsEmpty />
        ) : (
          <RunsTable runs={runs.data} />
        )
      ) : runs.isError ? (
        <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />
      ) : (
        <RunsLoading />
      )}
    </>
  );
}

function RunsTable({ runs }: { runs: readonly Run[] }) {
  const t = useTranslations("runs");
  const query = useSearchParams();
  const [view, setView] = useState(() => readView(query));
  const shown = viewRuns(runs, view);
  // The state answers at once; the address follows, so that a reload or a link shows the same rows.
  const change = (patch: Partial<RunsView>) => {
    const next = { ...view, ...patch };
    setView(next);
    window.history.replaceState(null, "", writeView(next) || location.pathname);
  };
  return (
    <>
      <RunsToolbar runs={runs} shown={shown} view={view} onChange={change} />
      {shown.length === 0 ? (
        <EmptyState
          title={t("noMatch")}
          action={<Button onClick={() => change({ search: "", status: null, model: null, method: null })}>{t("clearFilters")}</Button>}
        />
      ) : (
        <RunsList runs={shown} sort={view.sort} onSort={(sort) => change({ sort })} />
      )}
    </>
  );
}
