"use client";
import { AddDataDialog } from "@/components/data/add-data-dialog";
import type { LaunchAddress } from "@/components/launch/address";
import { LaunchPage } from "@/components/launch/launch-page";
import { AddModelDialog } from "@/components/models/add-model-dialog";

/** The launch form opens the dialogs of two other subjects; here they meet. */
export const LaunchScreen = ({ address }: { address: LaunchAddress }) => (
  <LaunchPage address={address} AddModel={AddModelDialog} AddData={AddDataDialog} />
);
