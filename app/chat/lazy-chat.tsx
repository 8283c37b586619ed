"use client";
import dynamic from "next/dynamic";
import { LoadingState } from "@/components/layout/states";

/** What was said lies in this browser's session: there is nothing to render on the server. */
export const LazyChat = dynamic(() => import("@/components/chat/chat-screen").then((module) => module.ChatScreen), {
  ssr: false,
  loading: () => <LoadingState />,
});
