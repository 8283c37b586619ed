"use client";
import { RefreshCw, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { isOpen, type Turn } from "@/lib/client/conversation";
import { useFormat } from "@/lib/client/use-format";
import { TurnAction } from "./turn-action";

const Markdown = dynamic(() => import("./markdown").then((module) => module.Markdown));

export type AnswerTurnProps = { turn: Turn; loadingWeights: boolean; disabled: boolean; onRegenerate: () => void; onRemove: () => void };

export function AnswerTurn({ turn, loadingWeights, disabled, onRegenerate, onRemove }: AnswerTurnProps) {
  const t = useTranslations("chat");
  return (
    <article aria-label={t("answer")} className="flex max-w-[92%] flex-col items-start self-start">
      {turn.status === "waiting" ? (
        <Waiting loadingWeights={loadingWeights} />
      ) : (
        turn.content !== "" && (
          <div className="min-w-0 max-w-full rounded-[10px] bg-sunken px-3 py-2 text-strong">
            <Markdown text={turn.content} />
          </div>
        )
      )}
      {turn.status === "failed" && (
        <div role="alert" className="mt-1 flex flex-wrap items-center gap-2 rounded-md bg-failed-soft px-3 py-2 text-sm text-strong">
          <span className="min-w-0 break-words">{turn.error || t("brokenOff")}</span>
          <Button size="sm" onClick={onRegenerate} disabled={disabled}>
            {t("retry")}
          </Button>
        </div>
      )}
      {!isOpen(turn) && <Footer turn={turn} disabled={disabled} onRegenerate={onRegenerate} onRemove={onRemove} />}
    </article>
  );
}

function Waiting({ loadingWeights }: { loadingWeights: boolean }) {
  const t = useTranslations("chat");
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((now) => now + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  // A warm worker answers at once; only a longer wait needs a word.
  const word = seconds < 1 ? null : loadingWeights ? t("loadingWeights") : t("thinking");
  return (
    <div role="status" className="flex items-center gap-2 rounded-[10px] bg-sunken px-3 py-2.5 text-muted text-sm">
      <span aria-hidden className="flex gap-1">
        {[0, 1, 2].map((dot) => (
          <i
            key={dot}
            className="size-1.5 animate-pulse-slow rounded-full bg-muted"
            style={{ animationDelay: `${dot * 200}ms`, animationDuration: "1.2s" }}
          />
        ))}
      </span>
      {word !== null && `${word} ${seconds} s`}
    </div>
  );
}

function Footer({ turn, disabled, onRegenerate, onRemove }: Omit<AnswerTurnProps, "loadingWeights">) {
  const t = useTranslations("chat");
  const format = useFormat();
  const { figures } = turn;
  const facts = [
    figures && t("tokens", { count: figures.tokens }),
    figures?.tokensPerSecond != null && format.rate(Math.round(figures.tokensPerSecond * 10) / 10, "tok/s"),
    figures?.firstTokenMs != null && t("firstToken", { ms: Math.round(figures.firstTokenMs) }),
    turn.status === "stopped" && t("stopped"),
    turn.status === "cut" && t("cut"),
  ].filter(Boolean);
  return (
    <div className="mt-0.5 flex flex-wrap items-center gap-x-0.5 text-muted text-xs">
      {facts.length > 0 && <span className="px-1">{facts.join(" · ")}</span>}
      <span className="inline-flex items-center gap-x-0.5">
        {turn.content !== "" && <CopyButton text={turn.content} />}
        <TurnAction label={t("regenerate")} disabled={disabled} onClick={onRegenerate}>
          <RefreshCw aria-hidden size={13} />
        </TurnAction>
        <TurnAction label={t("deleteMessage")} disabled={disabled} onClick={onRemove}>
          <Trash2 aria-hidden size={13} />
        </TurnAction>
      </span>
    </div>
  );
}
