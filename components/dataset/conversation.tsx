"use client";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { useSaidText } from "@/lib/client/use-said-text";
import type { DatasetRow, Message, RowProblem } from "@/lib/contract/dataset";
import { useReasonText } from "./use-reason-text";

/** One row as it will be trained: what is learnt is lit, what is only read is grey. */
export function Conversation({ row }: { row: DatasetRow }) {
  const t = useTranslations("data");
  const more = useTranslations("dataset.row");
  return (
    <div>
      {row.problem && <Note problem={row.problem} title={t("rowLeftOut")} />}
      {row.warnings.map((warning) => (
        <Note key={`${warning.reason}-${warning.field}`} problem={warning} title={null} />
      ))}
      {row.label !== null && (
        <Badge tone={row.label ? "succeeded" : "failed"} className="mb-3">
          {row.label ? more("wanted") : more("unwanted")}
        </Badge>
      )}
      {row.tools !== null && row.tools.length > 0 && <Tools tools={row.tools} />}
      {row.text !== null && (
        <p className="whitespace-pre-wrap break-words rounded-lg bg-succeeded-soft px-3 py-2 text-sm text-strong">{row.text}</p>
      )}
      {row.messages && (
        <ol className="flex flex-col gap-3">
          {row.messages.map((message, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a row never move
            <Bubble key={index} message={message} />
          ))}
          {row.rejected && <Bubble message={row.rejected} badge={<Badge tone="failed">{more("rejected")}</Badge>} />}
        </ol>
      )}
      {row.ranked && (
        <ol className="mt-3 flex flex-col gap-3">
          {row.ranked.map((message, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the answers of a row never move
            <Bubble key={index} message={message} badge={<Badge>{more("rank", { rank: index + 1 })}</Badge>} />
          ))}
        </ol>
      )}
    </div>
  );
}

function Note({ problem, title }: { problem: RowProblem; title: string | null }) {
  const reasonText = useReasonText();
  const saidText = useSaidText();
  return (
    <div className="mb-3 rounded-md bg-warning-soft p-3 text-sm">
      <p className="font-medium text-strong">{title ?? reasonText(problem.reason)}</p>
      <p className="mt-0.5 break-words text-strong">{saidText(problem.said, problem.message)}</p>
      {problem.value !== "" && <code className="mt-1.5 block break-all font-mono text-muted text-xs">{problem.value}</code>}
    </div>
  );
}

function Tools({ tools }: { tools: NonNullable<DatasetRow["tools"]> }) {
  const t = useTranslations("dataset.row");
  return (
    <details className="mb-3 rounded-md border border-line px-3 py-2 text-sm">
      <summary className="cursor-pointer text-muted">{t("tools", { count: tools.length })}</summary>
      <pre className="mt-2 whitespace-pre-wrap break-words font-mono text-xs">{JSON.stringify(tools, null, 2)}</pre>
    </details>
  );
}

function Bubble({ message, badge }: { message: Message; badge?: React.ReactNode }) {
  const t = useTranslations("data");
  const more = useTranslations("dataset.row");
  const { role, content, reasoning, toolCalls, name, train } = message;
  const learnt = role === "assistant" && train !== false && badge === undefined;
  const box = cn(
    "whitespace-pre-wrap break-words rounded-lg px-3 py-2 text-sm",
    learnt ? "bg-succeeded-soft text-strong" : "bg-sunken text-normal",
  );
  return (
    <li className={cn("max-w-[92%]", role === "user" && "self-end")}>
      <p className={cn("mb-1 flex items-center gap-1.5 text-muted text-xs", role === "user" && "justify-end")}>
        {t(`role.${role}`)}
        {name && <span className="font-mono">{name}</span>}
        {badge ?? (learnt ? <Badge tone="succeeded">{t("learns")}</Badge> : role === "assistant" && <Badge>{more("notTrained")}</Badge>)}
      </p>
      {reasoning && <p className={cn(box, "mb-1.5 italic opacity-80")}>{reasoning}</p>}
      {content !== "" && <p className={box}>{content}</p>}
      {toolCalls?.map((call, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the calls of a turn never move
        <p key={index} className={cn(box, "mt-1.5 font-mono text-xs")}>
          {call.name}({call.arguments})
        </p>
      ))}
    </li>
  );
}
