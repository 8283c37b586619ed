"use client";
import { Check, Minus, TriangleAlert, X } from "lucide-react";
import { useLocale, useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Table, TBody, Td, Tr } from "@/components/ui/table";
import type { EnvironmentReport } from "@/lib/contract/system";

/** The trainer's Python: what it is made of, and what is missing with what that switches off. */
export function EnvironmentCard({ environment, problem }: { environment: EnvironmentReport | null; problem: string | null }) {
  const t = useTranslations("system");
  return (
    <Card
      title={t("environment")}
      flush
      actions={environment && <CopyButton text={() => JSON.stringify(environment, null, 2)} label={t("copyReport")} />}
    >
      {problem && <Problem text={problem} />}
      {environment === null && !problem && <p className="px-4 pb-4 text-muted text-sm">{t("looking")}</p>}
      {environment && (
        <>
          <Table>
            <TBody>
              <Fact name="Python" value={environment.python} detail={environment.executable} />
              <Fact name="CUDA" value={environment.cuda ?? t("noCuda")} />
              <Fact name="bf16" value={t(environment.bf16 ? "yes" : "no")} />
              {environment.packages.map(({ name, version, required }) => (
                <Fact
                  key={name}
                  name={name}
                  value={version ?? t(required ? "missing" : "notInstalled")}
                  bad={version === null && required}
                />
              ))}
            </TBody>
          </Table>
          {environment.extras.length > 0 && <Extras extras={environment.extras} />}
        </>
      )}
    </Card>
  );
}

function Fact({ name, value, detail, bad }: { name: string; value: string; detail?: string; bad?: boolean }) {
  return (
    <Tr>
      <Td className="w-40">{name}</Td>
      <Td className={bad ? "text-failed" : "text-strong"}>
        {bad && <X aria-hidden size={14} className="mr-1 inline align-[-2px]" />}
        {detail ? <span className="block pt-2">{value}</span> : value}
        {detail && (
          <span className="block max-w-[60vw] truncate pb-2 font-mono text-muted text-xs lg:max-w-80" title={detail}>
            {detail}
          </span>
        )}
      </Td>
    </Tr>
  );
}

function Extras({ extras }: { extras: EnvironmentReport["extras"] }) {
  const t = useTranslations("system");
  const locale = useLocale();
  return (
    <section className="border-line border-t px-4 py-3">
      <h3 className="mb-1 font-medium text-strong text-sm">{t("extras")}</h3>
      <p className="mb-3 text-muted text-xs">{t("extrasHelp")}</p>
      <ul className="space-y-2.5">
        {extras.map(({ name, version, enables }) => (
          <li key={name} className="flex gap-2 text-sm">
            {version === null ? (
              <Minus aria-hidden size={14} className="mt-[3px] shrink-0 text-muted" />
            ) : (
              <Check aria-hidden size={14} className="mt-[3px] shrink-0 text-succeeded" />
            )}
            <span className="min-w-0">
              <span className="text-strong">{name}</span> <span className="text-muted">{version ?? t("notInstalled")}</span>
              <span className="block text-muted text-xs">{t("enables", { what: locale === "zh" ? enables.zh : enables.en })}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Problem({ text }: { text: string }) {
  const t = useTranslations("system");
  return (
    <div role="alert" className="mx-4 mb-4 flex gap-3 rounded-md bg-warning-soft p-3 text-sm text-strong">
      <TriangleAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-warning" />
      <div className="min-w-0">
        <p className="font-medium">{t("problem")}</p>
        <p className="mt-1 whitespace-pre-wrap break-words">{text}</p>
        <p className="mt-2 text-normal">{t("problemRemedy")}</p>
      </div>
    </div>
  );
}
