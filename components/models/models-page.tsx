"use client";
import { useQuery } from "@tanstack/react-query";
import { Box } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ListPage } from "@/components/layout/list-page";
import { Sheet } from "@/components/ui/sheet";
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
  return (
    <>
      <ListPage
        title={t("title")}
        add={{ label: t("add"), onPress: () => setAdding(true) }}
        list={models}
        empty={{ icon: <Box size={22} />, title: t("empty"), body: t("emptyBody") }}
      >
        {(list) => <ModelTable models={list} onShow={setShownId} />}
      </ListPage>
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
  );
}
