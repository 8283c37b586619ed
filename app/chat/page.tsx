import type { Metadata } from "next";
import { Words } from "../words";
import { LazyChat } from "./lazy-chat";

export const metadata: Metadata = { title: "Chat" };

export default function ChatPage() {
  return (
    <Words of={["chat"]}>
      <LazyChat />
    </Words>
  );
}
