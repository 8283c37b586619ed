"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { Tooltip } from "@/components/ui/tooltip";
import { systemQueries } from "@/lib/client/queries/system";
import { useFormat } from "@/lib/client/use-format";
import type { Device } from "@/lib/contract/system";

const MAX_SHOWN = 4;

/** One thin bar a device: who holds it, how much memory; then how many runs wait. */
export function MachineStrip() {
  const t = useTranslations("nav");
  const { data: report } = useQuery(systemQueries.report());
  if (!report) return null;
  const hidden = report.devices.length - MAX_SHOWN;
  return (
    <div className="hidden min-w-0 items-center gap-4 text-xs md:flex">
      {report.devices.slice(0, MAX_SHOWN).map((device) => (
        <DeviceBar key={device.id} device={device} />
      ))}
      {hidden > 0 && (
        <Link href="/system" prefetch={false} className="rounded hover:text-strong">
          {t("moreDevices", { count: hidden })}
        </Link>
      )}
      {report.queued > 0 && <span className="whitespace-nowrap">{t("queued", { count: report.queued })}</span>}
    </div>
  );
}

function DeviceBar({ device }: { device: Device }) {
  const t = useTranslations("nav");
  const format = useFormat();
  const share = device.memoryBytes > 0 ? Math.min(1, device.memoryUsedBytes / device.memoryBytes) : 0;
  const memory = t("memoryOf", { used: format.bytes(device.memoryUsedBytes), total: format.bytes(device.memoryBytes) });
  const holder = device.heldBy ? t("heldBy", { run: device.heldBy.name }) : t("free");
  return (
    <Tooltip content={`${device.name} · ${holder} · ${memory}`}>
      <Link
        href={device.heldBy ? `/runs/${device.heldBy.runId}` : "/system"}
        prefetch={false}
        className="flex items-center gap-1.5 whitespace-nowrap rounded hover:text-strong"
      >
        <span>{nameOf(device)}</span>
        <span aria-hidden className="hidden h-[5px] w-14 overflow-hidden rounded-[3px] bg-line lg:block">
          <span
            className={cn("block h-full origin-left rounded-[3px] transition-transform", device.heldBy ? "bg-running" : "bg-line-strong")}
            style={{ transform: `scaleX(${share})` }}
          />
        </span>
        <span className="hidden lg:inline">{device.heldBy ? format.bytes(device.memoryUsedBytes) : t("free")}</span>
        <span className="sr-only">{`${device.name}, ${holder}, ${memory}`}</span>
      </Link>
    </Tooltip>
  );
}

const nameOf = (device: Device): string => device.id.toUpperCase().replace(":", " ");
