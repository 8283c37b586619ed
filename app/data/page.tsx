import type { Metadata } from "next";
import { DataPage } from "@/components/data/data-page";
import { Words } from "../words";

export const metadata: Metadata = { title: "Data" };

export default function Page() {
  return (
    <Words of={["data"]}>
      <DataPage />
    </Words>
  );
}
