"use client";
import { Ellipsis } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { Td, Tr } from "@/components/ui/table";
import { useFormat } from "@/lib/client/use-format";
import type { Model } from "@/lib/contract/model";
import { RemoveModel } from "./remove-model";

const NONE = <span className="text-muted">–</span>;

export function ModelRow({ model, onShow }: { model: Model; onShow: () => void }) {
  const t = useTranslations("models");
  const common = useTranslations("common");
  const router = useRouter();
  const format = useFormat();
  const [removing, setRemoving] = useState(false);
  const { id, name, source, facts, present, path, trustRemoteCode, usedByRuns } = model;
  return (
    <Tr>
      <Td>
        <button type="button" onClick={onShow} className="font-medium text-strong hover:underline">
          {name}
        </button>
        {!present && (
          <Badge tone="failed" className="ml-2">
            {t("missing")}
          </Badge>
        )}
        {present && path === null && <Badge className="ml-2">{t("notFetched")}</Badge>}
        {trustRemoteCode && (
          <Badge tone="warning" className="ml-2">
            {t("trusted")}
          </Badge>
        )}
      </Td>
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
      <Td className="text-right">
        <Menu
          trigger={
            <Button size="sm" variant="ghost" icon aria-label={`${common("actions")}: ${name}`}>
              <Ellipsis aria-hidden size={15} />
            </Button>
          }
          items={[
            { label: t("train"), onSelect: () => router.push(`/launch?model=${id}`), disabled: !present },
            { label: t("chat"), onSelect: () => router.push(`/chat?model=${id}`), disabled: !present },
            { label: t("details"), onSelect: onShow },
            "separator",
            { label: t("remove"), onSelect: () => setRemoving(true), danger: true },
          ]}
        />
        <RemoveModel model={model} open={removing} onOpenChange={setRemoving} />
      </Td>
    </Tr>
  );
}
