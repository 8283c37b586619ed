"use client";
import { Menu as MenuIcon, Search } from "lucide-react";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { Breadcrumb } from "./breadcrumb";
import { ConnectionMark } from "./connection-mark";
import { KeyCaps } from "./key-caps";
import { LanguageSwitch } from "./language-switch";
import { MachineStrip } from "./machine-strip";
import { NavList } from "./rail";
import { ThemeToggle } from "./theme-toggle";

export function TopBar({ onPalette }: { onPalette: () => void }) {
  const t = useTranslations("nav");
  const [menuAt, setMenuAt] = useState<string | null>(null);
  const pathname = usePathname();
  const close = () => setMenuAt(null);
  return (
    <header className="sticky top-0 z-20 flex h-12 shrink-0 items-center gap-2 border-line border-b bg-[color-mix(in_oklab,var(--canvas)_88%,transparent)] px-2 pt-[env(safe-area-inset-top)] text-sm backdrop-blur-md md:gap-4 md:px-6">
      <Button variant="ghost" icon className="md:hidden" aria-label={t("menu")} onClick={() => setMenuAt(pathname)}>
        <MenuIcon aria-hidden size={18} />
      </Button>
      <Breadcrumb />
      <div className="ml-auto flex min-w-0 items-center gap-1 text-muted md:gap-3">
        <MachineStrip />
        <ConnectionMark />
        <button
          type="button"
          onClick={onPalette}
          aria-label={t("palette")}
          className="flex h-7 items-center gap-1.5 rounded-md px-1.5 hover:bg-sunken hover:text-strong pointer-coarse:h-9 pointer-coarse:px-2.5"
        >
          <Search aria-hidden size={15} />
          <span className="hidden md:inline-flex">
            <KeyCaps keys="mod+k" />
          </span>
        </button>
        <span className="hidden items-center gap-1 sm:flex">
          <LanguageSwitch />
          <ThemeToggle />
        </span>
      </div>
      <Sheet open={menuAt === pathname} onOpenChange={close} title="Tuneboard" side="left" className="w-[min(280px,82vw)]">
        <div className="flex min-h-full flex-col px-2.5 py-3">
          <NavList wide onChoose={close} />
          <div className="mt-auto flex items-center gap-1 border-line border-t pt-2">
            <LanguageSwitch />
            <ThemeToggle />
          </div>
        </div>
      </Sheet>
    </header>
  );
}
