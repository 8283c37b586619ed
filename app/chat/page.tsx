import type { Metadata } from "next";
import { LazyChat } from "./lazy-chat";

export const metadata: Metadata = { title: "Chat" };

export default function ChatPage() {
  return <LazyChat />;
}
