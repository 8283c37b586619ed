"use client";
import { ChevronDown, Dices, Download, Replace } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import type { Dataset } from "@/lib/contract/dataset";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { DownloadDialog } from "./download-dialog";
import { ReplaceSheet } from "./replace/replace-sheet";
import { SampleDialog } from "./sample-dialog";

type Open = "replace" | "sample" | "download" | null;

/** What makes another version of this one, and what makes a file of it. The version itself stays as it is. */
export function ChangeMenu({ dataset }: { dataset: ReadyDataset }) {
  const t = useTranslations("versions");
  const router = useRouter();
  const [open, setOpen] = useState<Open>(null);
  const shut = () => setOpen(null);
  const made = (next: Dataset) => {
    shut();
    router.push(`/data/${next.id}`);
  };
  return (
    <>
      <Button variant="ghost" onClick={() => setOpen("download")}>
        <Download aria-hidden size={14} />
        <span className="max-sm:sr-only">{t("download.open")}</span>
      </Button>
      {dataset.mapping !== null && (
        <Menu
          trigger={
            <Button>
              {t("change")}
              <ChevronDown aria-hidden size={14} />
            </Button>
          }
          items={[
            {
              label: t("replace.title"),
              detail: t("replace.detail"),
              icon: <Replace aria-hidden size={14} />,
              onSelect: () => setOpen("replace"),
            },
            {
              label: t("sample.title"),
              detail: t("sample.detail"),
              icon: <Dices aria-hidden size={14} />,
              onSelect: () => setOpen("sample"),
            },
          ]}
        />
      )}
      <ReplaceSheet dataset={dataset} open={open === "replace"} onClose={shut} onMade={made} />
      <SampleDialog dataset={dataset} open={open === "sample"} onClose={shut} onMade={made} />
      <DownloadDialog dataset={dataset} open={open === "download"} onClose={shut} />
    </>
  );
}
