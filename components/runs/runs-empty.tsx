"use client";
import { Box, Database, Rocket } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import { useErrorText } from "@/lib/client/use-error-text";
import { useQuickStart } from "@/lib/client/use-quick-start";

/** The first thing a person sees: three ways to begin, the first one with a single press. */
export function RunsEmpty() {
  const t = useTranslations("runs.empty");
  const errorText = useErrorText();
  const { start, starting } = useQuickStart();
  const begin = () => void start().catch((error: unknown) => toast.error(errorText(error)));
  return (
    <div className="mx-auto max-w-4xl pt-4 md:pt-12">
      <h2 className="font-semibold text-strong text-xl tracking-[-0.01em]">{t("title")}</h2>
      <p className="mt-1 mb-6 max-w-2xl text-muted">{t("body")}</p>
      <div className="grid gap-4 md:grid-cols-3">
        <Way icon={<Rocket aria-hidden size={18} />} title={t("quickTitle")} body={t("quickBody")}>
          <Button variant="primary" loading={starting} onClick={begin}>
            {t("quickAction")}
          </Button>
        </Way>
        <Way icon={<Database aria-hidden size={18} />} title={t("dataTitle")} body={t("dataBody")}>
          <Button asChild>
            <Link href="/data" prefetch={false}>
              {t("dataAction")}
            </Link>
          </Button>
        </Way>
        <Way icon={<Box aria-hidden size={18} />} title={t("modelTitle")} body={t("modelBody")}>
          <Button asChild>
            <Link href="/models" prefetch={false}>
              {t("modelAction")}
            </Link>
          </Button>
        </Way>
      </div>
    </div>
  );
}

function Way({ icon, title, body, children }: { icon: ReactNode; title: string; body: string; children: ReactNode }) {
  return (
    <section className="flex flex-col rounded-lg border border-line bg-panel p-4">
      <span className="mb-3 grid size-9 place-items-center rounded-md bg-iris-soft text-link">{icon}</span>
      <h3 className="font-semibold text-strong">{title}</h3>
      <p className="mt-1 mb-4 flex-1 text-muted text-sm">{body}</p>
      <div>{children}</div>
    </section>
  );
}
