"use client";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Progress } from "@/components/ui/progress";
import { useFormat } from "@/lib/client/use-format";
import type { Device } from "@/lib/contract/system";

export function DevicesCard({ devices }: { devices: readonly Device[] }) {
  const t = useTranslations("system");
  return (
    <Card title={t("devices")} className="lg:col-span-2">
      <ul className="grid gap-x-8 gap-y-5 sm:grid-cols-2 xl:grid-cols-3">
        {devices.map((device) => (
          <DeviceItem key={device.id} device={device} />
        ))}
      </ul>
    </Card>
  );
}

function DeviceItem({ device }: { device: Device }) {
  const t = useTranslations("system");
  const format = useFormat();
  return (
    <li className="min-w-0">
      <div className="mb-2 flex items-center gap-2">
        <span className="truncate font-medium text-strong">{device.name}</span>
        <Badge>{device.id.toUpperCase().replace(":", " ")}</Badge>
      </div>
      <Meter
        label={t("memory")}
        share={device.memoryUsedBytes / device.memoryBytes}
        value={t("of", { used: format.bytes(device.memoryUsedBytes), total: format.bytes(device.memoryBytes) })}
        held={device.heldBy !== null}
      />
      {device.utilisation !== null && (
        <Meter
          label={t("utilisation")}
          share={device.utilisation}
          value={format.percent(device.utilisation)}
          held={device.heldBy !== null}
        />
      )}
      <p className="mt-2 truncate text-muted text-sm">
        {device.heldBy
          ? t.rich("heldBy", {
              name: device.heldBy.name,
              run: (chunk) => (
                <Link href={`/runs/${device.heldBy?.runId}`} className="font-medium text-link hover:underline">
                  {chunk}
                </Link>
              ),
            })
          : t("free")}
      </p>
    </li>
  );
}

function Meter({ label, share, value, held }: { label: string; share: number; value: string; held: boolean }) {
  return (
    <div className="mt-1.5">
      <div className="mb-1 flex justify-between text-xs">
        <span className="text-muted">{label}</span>
        <span>{value}</span>
      </div>
      <Progress value={share} tone={held ? "running" : "neutral"} aria-label={label} />
    </div>
  );
}
