"use client";
import dynamic from "next/dynamic";
import { usePathname } from "next/navigation";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { rememberChoice } from "@/lib/client/cookies";
import { keepTyped } from "@/lib/client/typed-ahead";
import { useLiveLists } from "@/lib/client/use-live-lists";
import { LateToaster } from "./late-toaster";
import { Rail } from "./rail";
import { TopBar } from "./top-bar";
import { useAppShortcuts } from "./use-app-shortcuts";

const Palette = dynamic(() => import("./palette").then((module) => module.Palette), { ssr: false });
const KeysDialog = dynamic(() => import("./keys-dialog").then((module) => module.KeysDialog), { ssr: false });

/** Rail, top line and content; the sign-in page stands alone. */
export function AppFrame({ folded, children }: { folded: boolean; children: ReactNode }) {
  const bare = usePathname() === "/login";
  return (
    <>
      {bare ? <main className="min-h-dvh">{children}</main> : <Shell folded={folded}>{children}</Shell>}
      <LateToaster />
    </>
  );
}

function Shell({ folded: foldedAtFirst, children }: { folded: boolean; children: ReactNode }) {
  const t = useTranslations("common");
  const [folded, setFolded] = useState(foldedAtFirst);
  const [layer, setLayer] = useState<"palette" | "keys" | null>(null);
  useLiveLists();
  const openPalette = () => {
    if (layer !== "palette") keepTyped(() => setLayer(null));
    setLayer("palette");
  };
  useAppShortcuts({ openPalette, openKeys: () => setLayer("keys") });
  const fold = () => {
    rememberChoice("tb-rail", folded ? "open" : "folded");
    setFolded(!folded);
  };
  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-iris px-3 py-1.5 font-medium text-on-iris text-sm focus-visible:translate-y-0"
      >
        {t("skipToContent")}
      </a>
      <Rail folded={folded} onFold={fold} />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar onPalette={openPalette} />
        <main
          id="content"
          tabIndex={-1}
          className="w-full max-w-[1600px] flex-1 p-4 pb-[max(1rem,env(safe-area-inset-bottom))] outline-none md:p-6"
        >
          {children}
        </main>
      </div>
      {layer === "palette" && <Palette onClose={() => setLayer(null)} onFold={fold} />}
      {layer === "keys" && <KeysDialog onClose={() => setLayer(null)} />}
    </div>
  );
}
