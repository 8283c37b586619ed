"use client";
import dynamic from "next/dynamic";
import type { LaunchAddress } from "@/components/launch/address";
import { LaunchPage, type LaunchPageProps } from "@/components/launch/launch-page";

/** The launch form opens the dialogs of two other subjects; here they meet. Their code comes with the first opening. */
const AddModelDialog = dynamic(() => import("@/components/models/add-model-dialog").then((module) => module.AddModelDialog), {
  ssr: false,
});
const AddDataDialog = dynamic(() => import("@/components/data/add-data-dialog").then((module) => module.AddDataDialog), { ssr: false });

// A form can only choose what is checked; on the Data page the same dialog leaves at once.
const AddReadyData: LaunchPageProps["AddData"] = (props) => <AddDataDialog {...props} />;

export const LaunchScreen = ({ address }: { address: LaunchAddress }) => (
  <LaunchPage address={address} AddModel={AddModelDialog} AddData={AddReadyData} />
);
