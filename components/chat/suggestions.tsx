"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { runQueries } from "@/lib/client/queries/runs";
import type { ChatModelInfo } from "@/lib/contract/api";

export type SuggestionsProps = { model: ChatModelInfo | null; models: readonly ChatModelInfo[] | undefined; onAsk: (text: string) => void };

/** An empty conversation: what to do, and for the demo model the questions of the quick start. */
export function Suggestions({ model, models, onAsk }: SuggestionsProps) {
  const t = useTranslations("chat");
  const quick = useQuery(runQueries.quickStart());
  const demoId = quick.data?.spec.modelId;
  const demo = models?.find((one) => one.target.type === "model" && one.target.modelId === demoId);
  const isDemo = model !== null && demo !== undefined && (model.id === demo.id || model.base === demo.label || model.base === demo.id);
  const probes = isDemo ? (quick.data?.probes ?? []) : [];
  return (
    <div className="m-auto flex max-w-md flex-col items-center gap-3 py-6 text-center">
      <p className="text-muted text-sm">
        {model === null
          ? t("chooseModel")
          : model.chatTemplate
            ? t("empty", { model: model.label })
            : t("noTemplate", { model: model.label })}
      </p>
      {probes.length > 0 && (
        <ul className="flex flex-wrap justify-center gap-2" aria-label={t("suggestions")}>
          {probes.map(({ prompt }) => (
            <li key={prompt}>
              <button
                type="button"
                onClick={() => onAsk(prompt)}
                className="rounded-full border border-line-strong bg-panel px-3 py-1.5 text-left text-sm text-strong transition-colors hover:bg-sunken pointer-coarse:py-2.5"
              >
                {prompt}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
