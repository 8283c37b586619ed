import type { Metadata } from "next";
import { ModelsPage } from "@/components/models/models-page";
import { Words } from "../words";

export const metadata: Metadata = { title: "Models" };

export default function Page() {
  return (
    <Words of={["models"]}>
      <ModelsPage />
    </Words>
  );
}
