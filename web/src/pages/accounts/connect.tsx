// Connecting an account: choose the platform, then sign in there or enter what it gave you.

import { Button, Loader, Modal, UnstyledButton } from "@mantine/core";
import { IconCircleCheck, IconExternalLink } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { accountsKey, useConnectLink, useConnectState, useReconnect } from "@/api/calls/accounts";
import type { ConnectLink } from "@/api/types";
import { useTexts } from "@/i18n";
import { isSignInPlatform, look, PLATFORMS, type SignInPlatform } from "@/lib/platforms";
import { PlatformMark } from "@/ui/badges";
import { Copyable } from "@/ui/copy";
import { describe, Loading } from "@/ui/states";
import { ButtonLink } from "@/ui/links";
import { Note } from "@/ui/note";

import css from "./accounts.module.css";
import { CredentialForm } from "./credential-form";

export type ConnectTarget =
  | { kind: "choose" }
  | { kind: "link"; platform: SignInPlatform; accountId?: number }
  | { kind: "credential"; platform: string };

interface Props {
  target: ConnectTarget | null;
  onChange: (target: ConnectTarget | null) => void;
}

export function ConnectDialog({ target, onChange }: Props) {
  const { t } = useTexts();
  const title = !target || target.kind === "choose" ? t("connect.title") : t("connect.link.title", { platform: look(target.platform).name });
  return (
    <Modal opened={target !== null} onClose={() => onChange(null)} title={title} size="lg" closeButtonProps={{ "aria-label": t("do.close") }}>
      {target?.kind === "choose" && (
        <div className="stack">
          <p className="no-margin">{t("connect.choose")}</p>
          <PlatformChoice onChange={onChange} />
        </div>
      )}
      {target?.kind === "link" && <SignInLink key={target.platform} target={target} onChange={onChange} />}
      {target?.kind === "credential" && <CredentialForm key={target.platform} platform={target.platform} onDone={() => onChange(null)} />}
    </Modal>
  );
}

/** Every platform, with how one gets in there. */
export function PlatformChoice({ onChange }: { onChange: Props["onChange"] }) {
  const { t } = useTexts();
  return (
    <ul className={`plain ${css.platforms ?? ""}`}>
      {PLATFORMS.map((platform) => (
        <li key={platform}>
          <UnstyledButton
            className={css.platform}
            onClick={() => onChange(isSignInPlatform(platform) ? { kind: "link", platform } : { kind: "credential", platform })}
          >
            <PlatformMark platform={platform} size={30} named />
            <span className="grow">
              <span className="strong" style={{ display: "block" }}>
                {look(platform).name}
              </span>
              <span className="dim small">{t(isSignInPlatform(platform) ? "connect.signIn" : "connect.enter")}</span>
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

function SignInLink({ target, onChange }: { target: ConnectTarget & { kind: "link" }; onChange: Props["onChange"] }) {
  const { t } = useTexts();
  const { mutate: makeNew, ...made } = useConnectLink();
  const { mutate: makeAgain, ...again } = useReconnect();
  const [link, setLink] = useState<ConnectLink | null>(null);
  const asked = useRef(false);
  const { platform, accountId } = target;

  const make = () => {
    setLink(null);
    const then = { onSuccess: setLink };
    if (accountId === undefined) makeNew({ platform }, then);
    else makeAgain(accountId, then);
  };
  const first = useRef(make);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    first.current();
  }, []);

  const error = made.error ?? again.error;
  if (error) return <Note tone="bad">{describe(error, t)}</Note>;
  if (!link) return <Loading />;
  return <Waiting key={link.session_id} link={link} onAgain={make} onChange={onChange} />;
}

function Waiting({ link, onAgain, onChange }: { link: ConnectLink; onAgain: () => void; onChange: Props["onChange"] }) {
  const { t, clock } = useTexts();
  const client = useQueryClient();
  const { data: state } = useConnectState(link.session_id);
  const isDone = state?.status === "completed";
  useEffect(() => {
    if (isDone) void client.invalidateQueries({ queryKey: accountsKey });
  }, [isDone, client]);

  if (isDone) {
    const names = state.accounts.map((account) => account.account_name).join(", ");
    return (
      <div className={css.done} role="status">
        <IconCircleCheck size={40} stroke={1.4} aria-hidden />
        <h2 className="title">{t("connect.done")}</h2>
        <p className="no-margin">{t("connect.done.what", { name: names })}</p>
        <div className="row wrap">
          <Button variant="default" onClick={() => onChange({ kind: "choose" })}>
            {t("connect.another")}
          </Button>
          <ButtonLink to="/compose">{t("connect.write")}</ButtonLink>
        </div>
      </div>
    );
  }
  if (state && state.status !== "pending") {
    return (
      <div className="stack">
        <Note tone="bad">
          {t(state.status === "expired" ? "connect.expired" : "connect.cancelled")} {state.message}
        </Note>
        <div>
          <Button onClick={onAgain}>{t("connect.again")}</Button>
        </div>
      </div>
    );
  }
  return (
    <div className="stack">
      <p className="no-margin">{t("connect.link.what", { platform: look(link.platform).name, time: clock(link.expires_at) })}</p>
      <Copyable value={link.url} label={t("connect.link")} />
      <div className="row wrap">
        <Button component="a" href={link.url} target="_blank" rel="noreferrer" rightSection={<IconExternalLink size={16} aria-hidden />}>
          {t("connect.link.open")}
        </Button>
        <span className="row dim" role="status">
          <Loader size="xs" aria-hidden /> {t("connect.waiting")}
        </span>
      </div>
    </div>
  );
}
