"use client";
import { useQuery } from "@tanstack/react-query";
import { Box, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/layout/page-header";
import { EmptyState, ErrorState, LoadingState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Sheet } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, TBody, THead, Th, Tr } from "@/components/ui/table";
import { modelQueries } from "@/lib/client/queries/models";
import type { Model } from "@/lib/contract/model";
import { AddModelDialog } from "./add-model-dialog";
import { ModelDetails } from "./model-details";
import { ModelRow } from "./model-row";

export function ModelsPage() {
  const t = useTranslations("models");
  const [adding, setAdding] = useState(false);
  const [shownId, setShownId] = useState<string | null>(null);
  const models = useQuery(modelQueries.list());
  const shown = models.data?.find((model) => model.id === shownId);
  const add = (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden size={15} />
      {t("add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")} actions={models.data?.length === 0 ? undefined : add} />
      {models.isError ? (
        <ErrorState error={models.error} onRetry={() => models.refetch()} />
      ) : !models.data ? (
        <LoadingState>
          <Skeleton className="h-48" />
        </LoadingState>
      ) : models.data.length === 0 ? (
        <Card>
          <EmptyState icon={<Box size={22} />} title={t("empty")} body={t("emptyBody")} action={add} />
        </Card>
      ) : (
        <ModelTable models={models.data} onShow={setShownId} />
      )}
      <AddModelDialog open={adding} onOpenChange={setAdding} onAdded={(model) => setShownId(model.id)} />
      <Sheet open={shown !== undefined} onOpenChange={() => setShownId(null)} title={shown?.name ?? ""} className="w-[94vw] sm:w-[520px]">
        {shown && <ModelDetails model={shown} />}
      </Sheet>
    </>
  );
}

function ModelTable({ models, onShow }: { models: readonly Model[]; onShow: (modelId: string) => void }) {
  const t = useTranslations("models.column");
  return (
    <Card flush>
      <Table>
        <THead>
          <Tr>
            <Th>{t("name")}</Th>
            <Th className="hidden md:table-cell">{t("source")}</Th>
            <Th className="hidden md:table-cell">{t("architecture")}</Th>
            <Th numeric>{t("parameters")}</Th>
            <Th className="hidden md:table-cell">{t("dtype")}</Th>
            <Th numeric className="hidden md:table-cell">
              {t("context")}
            </Th>
            <Th numeric>{t("size")}</Th>
            <Th className="hidden md:table-cell">{t("template")}</Th>
            <Th className="hidden md:table-cell">{t("used")}</Th>
            <Th />
          </Tr>
        </THead>
        <TBody>
          {models.map((model) => (
            <ModelRow key={model.id} model={model} onShow={() => onShow(model.id)} />
          ))}
        </TBody>
      </Table>
    </Card>
  );
}
