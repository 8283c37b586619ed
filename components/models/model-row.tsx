"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ActionsCell, NameCell } from "@/components/layout/list-page";
import { Badge } from "@/components/ui/badge";
import { Td, Tr } from "@/components/ui/table";
import { useFormat } from "@/lib/client/use-format";
import type { Model } from "@/lib/contract/model";
import { RemoveModel } from "./remove-model";

const NONE = <span className="text-muted">–</span>;

export function ModelRow({ model, onShow }: { model: Model; onShow: () => void }) {
  const t = useTranslations("models");
  const router = useRouter();
  const format = useFormat();
  const [removing, setRemoving] = useState(false);
  const { id, name, source, facts, present, path, trustRemoteCode, usedByRuns } = model;
  return (
    <Tr>
      <NameCell
        marks={
          <>
            {!present && <Badge tone="failed">{t("missing")}</Badge>}
            {present && path === null && <Badge>{t("notFetched")}</Badge>}
            {trustRemoteCode && <Badge tone="warning">{t("trusted")}</Badge>}
          </>
        }
      >
        <button type="button" onClick={onShow} title={name} className="font-medium text-strong hover:underline">
          {name}
        </button>
      </NameCell>
      <Td className="hidden md:table-cell">{t(`source.${source.type}`)}</Td>
      <Td className="hidden md:table-cell">{facts?.architecture ?? NONE}</Td>
      <Td numeric>{facts ? <span title={facts.parameters.toLocaleString("en-US")}>{format.count(facts.parameters)}</span> : NONE}</Td>
      <Td className="hidden md:table-cell">{facts?.dtype ?? NONE}</Td>
      <Td numeric className="hidden md:table-cell">
        {facts?.contextLength ? format.count(facts.contextLength) : NONE}
      </Td>
      <Td numeric>{facts ? format.bytes(facts.bytes) : NONE}</Td>
      <Td className="hidden md:table-cell">
        {facts ? <Badge tone={facts.chatTemplate ? "succeeded" : "warning"}>{t(facts.chatTemplate ? "yes" : "no")}</Badge> : NONE}
      </Td>
      <Td className="hidden md:table-cell">{t("usedBy", { count: usedByRuns })}</Td>
      <ActionsCell
        name={name}
        items={[
          { label: t("train"), onSelect: () => router.push(`/launch?model=${id}`), disabled: !present },
          { label: t("chat"), onSelect: () => router.push(`/chat?model=${id}`), disabled: !present },
          { label: t("details"), onSelect: onShow },
          "separator",
          { label: t("remove"), onSelect: () => setRemoving(true), danger: true },
        ]}
      >
        <RemoveModel model={model} open={removing} onOpenChange={setRemoving} />
      </ActionsCell>
    </Tr>
  );
}
