// Signing in with a password, with a link that was sent, or in another way.

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import { useSignIn, useSignInLink } from "@/api/session";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { FormRefusal } from "@/ui/form-refusal";
import { Note } from "@/ui/note";
import { describe, Loading } from "@/ui/states";

import { SignFrame } from "./frame";
import { OtherWays, ProviderProblem } from "./other-ways";
import { fromAddress } from "./token";

export function SignInPage() {
  const { t } = useTexts();
  const { then, token: inQuery, problem } = useSearch({ from: "/sign-in" });
  const [token] = useState(() => fromAddress(inQuery));
  const navigate = useNavigate();
  const signIn = useSignIn();
  const { mutate: signInByLink, ...link } = useSignInLink();
  const used = useRef(false);

  const goOn = () => {
    const here = then?.startsWith("/") && !then.startsWith("//") ? then : "/posts";
    void navigate({ to: here, replace: true });
  };
  const goOnNow = useRef(goOn);
  useEffect(() => {
    goOnNow.current = goOn;
  });
  useEffect(() => {
    if (!token || used.current) return;
    used.current = true;
    signInByLink({ token }, { onSuccess: () => goOnNow.current() });
  }, [token, signInByLink]);

  if (token && !link.isError) {
    return (
      <SignFrame title={t("sign.link")}>
        <Loading />
      </SignFrame>
    );
  }
  return (
    <SignFrame title={t("sign.title")} lead={t("sign.lead")}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          signIn.mutate({ email: typed(form, "email"), password: typed(form, "password") }, { onSuccess: goOn });
        }}
      >
        {!link.isError && <ProviderProblem problem={problem} />}
        {link.isError && (
          <Note tone="bad" title={t("sign.link.failed")}>
            {describe(link.error, t)} {t("sign.link.do")}
          </Note>
        )}
        <TextInput name="email" type="email" label={t("sign.email")} autoComplete="username webauthn" required withAsterisk={false} autoFocus />
        <PasswordInput name="password" label={t("sign.password")} autoComplete="current-password" required withAsterisk={false} />
        <FormRefusal error={signIn.error} />
        <Button type="submit" size="md" loading={signIn.isPending}>
          {t("sign.do")}
        </Button>
      </form>
      <OtherWays then={then} goOn={goOn} />
    </SignFrame>
  );
}
