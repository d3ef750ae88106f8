// Joining an organization by an invitation.

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useAcceptInvitation } from "@/api/session";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { FormRefusal } from "@/ui/form-refusal";

import { SignFrame } from "./frame";
import { fromAddress } from "./token";

export function InvitationPage() {
  const { t } = useTexts();
  const search = useSearch({ from: "/invitation" });
  const [token] = useState(() => fromAddress(search.token));
  const navigate = useNavigate();
  const accept = useAcceptInvitation();
  if (!token) {
    return (
      <SignFrame title={t("invitation.title")}>
        <p className="bad no-margin">{t("invitation.missing")}</p>
      </SignFrame>
    );
  }
  return (
    <SignFrame title={t("invitation.title")} lead={t("invitation.lead")}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          accept.mutate(
            { token, name: typed(form, "name"), password: typed(form, "password") },
            { onSuccess: () => void navigate({ to: "/posts" }) },
          );
        }}
      >
        <TextInput name="name" label={t("setup.name")} required withAsterisk={false} autoComplete="name" autoFocus />
        <PasswordInput name="password" label={t("sign.password")} description={t("setup.password.hint")} required withAsterisk={false} minLength={10} autoComplete="new-password" />
        <FormRefusal error={accept.error} />
        <Button type="submit" size="md" loading={accept.isPending}>
          {t("invitation.do")}
        </Button>
      </form>
    </SignFrame>
  );
}
