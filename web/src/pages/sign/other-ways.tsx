// Ways in without a password: a passkey, or another system.

import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";

import { useDepart, usePasskeySignIn, useSession } from "@/api/session";
import { useTexts, type Key } from "@/i18n";
import { knowsPasskeys } from "@/lib/passkeys";
import { FormRefusal } from "@/ui/form-refusal";
import { Note } from "@/ui/note";

import css from "./sign.module.css";

const PROBLEMS: Record<string, Key> = {
  denied: "sign.problem.denied",
  over: "sign.problem.over",
  unavailable: "sign.problem.unavailable",
  refused: "sign.problem.refused",
  unverified: "sign.problem.unverified",
  unknown: "sign.problem.unknown",
  taken: "sign.problem.taken",
  not_linked: "sign.problem.not_linked",
  full: "sign.problem.full",
};

/** Why somebody who comes back from the other system is not signed in. */
export function ProviderProblem({ problem }: { problem: string | undefined }) {
  const { t } = useTexts();
  if (!problem) return null;
  return (
    <Note tone="bad" title={t("sign.problem")}>
      {t(PROBLEMS[problem] ?? "sign.problem.failed")}
    </Note>
  );
}

export function OtherWays({ then, goOn }: { then: string | undefined; goOn: () => void }) {
  const { t } = useTexts();
  const { data } = useSession();
  const ways = data?.ways_in;
  const depart = useDepart();
  const passkey = usePasskeySignIn(goOn);
  const { offer } = passkey;
  const isOffered = useRef(false);
  const hasPasskeys = Boolean(ways?.passkeys) && knowsPasskeys();
  useEffect(() => {
    if (!hasPasskeys || isOffered.current) return;
    isOffered.current = true;
    offer();
  }, [hasPasskeys, offer]);
  const error = passkey.error ?? depart.error;
  if (!hasPasskeys && !ways?.provider) return null;
  return (
    <div className="stack">
      <p className={`${css.or ?? ""} dim small no-margin`}>{t("sign.or")}</p>
      <FormRefusal error={error} />
      {hasPasskeys && (
        <Button variant="default" size="md" loading={passkey.isPending} onClick={passkey.signIn}>
          {t("sign.passkey")}
        </Button>
      )}
      {ways?.provider && (
        <Button variant="default" size="md" loading={depart.isPending} onClick={() => depart.mutate({ then: then ?? null })}>
          {t("sign.provider", { name: ways.provider })}
        </Button>
      )}
    </div>
  );
}
