"use client";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { ScrollBox } from "@/components/ui/scroll-box";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { useFormat } from "@/lib/client/use-format";
import type { Model, ModelFacts } from "@/lib/contract/model";

/** What was read from the model's files; nothing here is a guess. */
export function ModelDetails({ model }: { model: Model }) {
  const t = useTranslations("models.facts");
  const { facts, path, source } = model;
  return (
    <div className="space-y-5 p-4 text-sm">
      <dl className="grid items-baseline grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2">
        {source.type === "hub" && <Fact name={t("repo")}>{`${source.repo} @ ${source.revision}`}</Fact>}
        {path !== null && <Copyable name={t("path")} text={path} />}
        {facts && <FactsList facts={facts} />}
      </dl>
      {facts ? <Modules facts={facts} /> : <p className="text-muted">{t("unknown")}</p>}
    </div>
  );
}

function FactsList({ facts }: { facts: ModelFacts }) {
  const t = useTranslations("models.facts");
  const common = useTranslations("common");
  const format = useFormat();
  const count = (value: number | null) => (value === null ? common("unknown") : format.count(value));
  return (
    <>
      <Copyable name={t("fingerprint")} text={facts.fingerprint} />
      <Fact name={t("layers")}>{count(facts.layers)}</Fact>
      <Fact name={t("hidden")}>{count(facts.hiddenSize)}</Fact>
      <Fact name={t("vocabulary")}>{count(facts.vocabSize)}</Fact>
      <Fact name={t("tied")}>{common(facts.tiedEmbeddings ? "yes" : "no")}</Fact>
      <Fact name={t("shards")}>{facts.shards}</Fact>
      <Fact name={t("remoteCode")}>{common(facts.remoteCode ? "yes" : "no")}</Fact>
    </>
  );
}

function Modules({ facts }: { facts: ModelFacts }) {
  const t = useTranslations("models.facts");
  const format = useFormat();
  return (
    <section>
      <h3 className="mb-2 font-semibold text-strong">{t("modules")}</h3>
      <ScrollBox className="rounded-md border border-line">
        <Table>
          <THead>
            <Tr>
              <Th>{t("module")}</Th>
              <Th numeric>{t("count")}</Th>
              <Th numeric>{t("parameters")}</Th>
              <Th numeric>{t("loraRow")}</Th>
            </Tr>
          </THead>
          <TBody>
            {facts.modules.map((group) => (
              <Tr key={group.name}>
                <Td>
                  <code className="font-mono text-strong text-xs">{group.name}</code>
                  {group.head && <Badge className="ml-2">{t("head")}</Badge>}
                </Td>
                <Td numeric>{group.count}</Td>
                <Td numeric>{format.count(group.parameters)}</Td>
                <Td numeric>{format.count(group.inPlusOut)}</Td>
              </Tr>
            ))}
          </TBody>
        </Table>
      </ScrollBox>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words text-right text-strong">{children}</dd>
    </>
  );
}

const Copyable = ({ name, text }: { name: string; text: string }) => (
  <Fact name={name}>
    <span className="flex min-w-0 items-center justify-end gap-1">
      <code className="truncate font-mono text-xs" title={text}>
        {text}
      </code>
      <CopyButton text={text} />
    </span>
  </Fact>
);
