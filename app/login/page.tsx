import type { Metadata } from "next";
import { LoginForm } from "@/components/login/login-form";
import { Words } from "../words";

export const metadata: Metadata = { title: "Sign in" };

export default function Page() {
  return (
    <Words of={["login"]}>
      <LoginForm />
    </Words>
  );
}
