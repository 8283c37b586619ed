"use client";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import type { DatasetRow, Message } from "@/lib/contract/dataset";

/** One row as it will be trained: what is learnt is lit, what is only read is grey. */
export function Conversation({ row }: { row: DatasetRow }) {
  const t = useTranslations("data");
  return (
    <div>
      {row.problem && (
        <div className="mb-3 rounded-md bg-warning-soft p-3 text-sm">
          <p className="font-medium text-strong">{t("rowLeftOut")}</p>
          <p className="mt-0.5 break-words text-strong">{row.problem.message}</p>
          {row.problem.value !== "" && <code className="mt-1.5 block break-all font-mono text-muted text-xs">{row.problem.value}</code>}
        </div>
      )}
      {row.messages && (
        <>
          <ol className="flex flex-col gap-3">
            {row.messages.map((message, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a row never move
              <Bubble key={index} message={message} />
            ))}
          </ol>
          <p className="mt-4 text-muted text-xs">{t("learnsHelp")}</p>
        </>
      )}
    </div>
  );
}

function Bubble({ message: { role, content } }: { message: Message }) {
  const t = useTranslations("data");
  const learnt = role === "assistant";
  return (
    <li className={cn("max-w-[92%]", role === "user" && "self-end")}>
      <p className={cn("mb-1 flex items-center gap-1.5 text-muted text-xs", role === "user" && "justify-end")}>
        {t(`role.${role}`)}
        {learnt && <Badge tone="succeeded">{t("learns")}</Badge>}
      </p>
      <p
        className={cn(
          "whitespace-pre-wrap break-words rounded-lg px-3 py-2 text-sm",
          learnt ? "bg-succeeded-soft text-strong" : "bg-sunken text-normal",
        )}
      >
        {content}
      </p>
    </li>
  );
}
