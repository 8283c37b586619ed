"use client";
import { ChevronRight, Download } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ScrollBox } from "@/components/ui/scroll-box";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { withBase } from "@/lib/client/base-path";
import { useFormat } from "@/lib/client/use-format";
import type { RunId } from "@/lib/contract/ids";
import type { Artifact } from "@/lib/contract/run";

export function ExportFiles({ runId, artifact }: { runId: RunId; artifact: Artifact }) {
  const t = useTranslations("exports");
  const format = useFormat();
  const href = (name: string) => withBase(`/api/exports/${runId}/files/${name.split("/").map(encodeURIComponent).join("/")}`);
  return (
    <details className="group mt-3">
      <summary className="inline-flex cursor-pointer list-none items-center gap-1 text-muted text-sm hover:text-strong">
        <ChevronRight aria-hidden size={14} className="transition-transform group-open:rotate-90" />
        {t("files", { count: artifact.files.length })}
      </summary>
      <ScrollBox className="mt-2 rounded-md border border-line">
        <Table>
          <THead>
            <Tr>
              <Th>{t("file")}</Th>
              <Th numeric>{t("size")}</Th>
              <Th>SHA-256</Th>
              <Th>
                <span className="sr-only">{t("download")}</span>
              </Th>
            </Tr>
          </THead>
          <TBody>
            {artifact.files.map((file) => (
              <Tr key={file.name}>
                <Td className="font-mono text-strong text-xs">{file.name}</Td>
                <Td numeric>{format.bytes(file.bytes)}</Td>
                <Td className="font-mono text-muted text-xs">
                  {file.sha256 === undefined ? (
                    "–"
                  ) : (
                    <span className="inline-flex items-center gap-1" title={file.sha256}>
                      {file.sha256.slice(0, 12)}…
                      <CopyButton text={file.sha256} />
                    </span>
                  )}
                </Td>
                <Td numeric>
                  <Button asChild size="sm" variant="ghost" icon>
                    <a href={href(file.name)} download aria-label={t("downloadFile", { name: file.name })}>
                      <Download aria-hidden size={14} />
                    </a>
                  </Button>
                </Td>
              </Tr>
            ))}
          </TBody>
        </Table>
      </ScrollBox>
    </details>
  );
}
