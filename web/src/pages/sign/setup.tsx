// The first visit: makes the owner and the organization.

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useSetup } from "@/api/session";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { FormRefusal, refusalOf } from "@/ui/form-refusal";

import { SignFrame } from "./frame";
import { fromAddress } from "./token";

const FIELDS = ["setup_token", "organization_name", "name", "email", "password"] as const;
type Field = (typeof FIELDS)[number];

export function SetupPage() {
  const { t } = useTexts();
  const search = useSearch({ from: "/setup" });
  const [token] = useState(() => fromAddress(search.token));
  const navigate = useNavigate();
  const setup = useSetup();
  const errorOf = (field: Field) => refusalOf(setup.error, field);
  return (
    <SignFrame title={t("setup.title")} lead={t("setup.lead")}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const body = Object.fromEntries(FIELDS.map((field) => [field, typed(form, field)])) as Record<Field, string>;
          setup.mutate(body, { onSuccess: () => void navigate({ to: "/welcome" }) });
        }}
      >
        <TextInput name="setup_token" label={t("setup.token")} description={t("setup.token.hint")} defaultValue={token} error={errorOf("setup_token")} required withAsterisk={false} autoComplete="off" />
        <TextInput name="organization_name" label={t("setup.organization")} error={errorOf("organization_name")} required withAsterisk={false} autoComplete="organization" />
        <TextInput name="name" label={t("setup.name")} error={errorOf("name")} required withAsterisk={false} autoComplete="name" />
        <TextInput name="email" type="email" label={t("sign.email")} error={errorOf("email")} required withAsterisk={false} autoComplete="username" />
        <PasswordInput name="password" label={t("sign.password")} description={t("setup.password.hint")} error={errorOf("password")} required withAsterisk={false} minLength={10} autoComplete="new-password" />
        <FormRefusal error={setup.error} fields={FIELDS} />
        <Button type="submit" size="md" loading={setup.isPending}>
          {t("setup.do")}
        </Button>
      </form>
    </SignFrame>
  );
}
