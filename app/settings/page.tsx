import type { Metadata } from "next";
import { SettingsPage } from "@/components/settings/settings-page";
import { Words } from "../words";

export const metadata: Metadata = { title: "Settings" };

export default function Page() {
  return (
    <Words of={["settings"]}>
      <SettingsPage />
    </Words>
  );
}
