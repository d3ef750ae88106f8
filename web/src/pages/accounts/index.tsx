// The connected accounts: can they post, why not, and what to do about it.

import { Button } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useState } from "react";

import { useAccounts, useAllHealth } from "@/api/calls/accounts";
import type { Account, AccountHealthReport } from "@/api/types";
import { useTexts } from "@/i18n";
import { isSignInPlatform } from "@/lib/platforms";
import { Page } from "@/ui/page";
import { Await, Empty } from "@/ui/states";

import { AccountCard } from "./card";
import { ConnectDialog, type ConnectTarget } from "./connect";
import css from "./accounts.module.css";

export function AccountsPage() {
  const { t } = useTexts();
  const accounts = useAccounts();
  const [target, setTarget] = useState<ConnectTarget | null>(null);
  return (
    <Page
      title={t("accounts.title")}
      lead={t("accounts.lead")}
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setTarget({ kind: "choose" })}>
          {t("accounts.connect")}
        </Button>
      }
    >
      <Await query={accounts}>
        {(all) =>
          all.length === 0 ? (
            <div className="card">
              <Empty icon={IconPlugConnected} title={t("accounts.empty")} action={<Button onClick={() => setTarget({ kind: "choose" })}>{t("accounts.connect")}</Button>}>
                {t("accounts.empty.do")}
              </Empty>
            </div>
          ) : (
            <Groups accounts={all} onReconnect={(account) => setTarget(targetOf(account))} />
          )
        }
      </Await>
      <ConnectDialog target={target} onChange={setTarget} />
    </Page>
  );
}

function targetOf(account: Account): ConnectTarget {
  return isSignInPlatform(account.platform)
    ? { kind: "link", platform: account.platform, accountId: account.account_id }
    : { kind: "credential", platform: account.platform };
}

function Groups({ accounts, onReconnect }: { accounts: Account[]; onReconnect: (account: Account) => void }) {
  const { t } = useTexts();
  const health = useAllHealth(accounts.map((account) => account.account_id));
  const reportOf = (account: Account): AccountHealthReport | undefined => health[accounts.indexOf(account)]?.data;
  const needs = (account: Account) => account.is_active && (!account.health.can_post || reportOf(account)?.status === "warning");
  const groups = [
    { title: t("accounts.attention"), members: accounts.filter(needs) },
    { title: t("accounts.fine"), members: accounts.filter((account) => account.is_active && !needs(account)) },
    { title: t("accounts.off"), members: accounts.filter((account) => !account.is_active) },
  ];
  return groups
    .filter(({ members }) => members.length > 0)
    .map(({ title, members }) => (
      <section key={title} className="stack" style={{ "--gap": "0.75rem" } as React.CSSProperties}>
        <h2 className={css.group}>
          {title} <span className="dim number">{members.length}</span>
        </h2>
        <ul className={`plain ${css.grid ?? ""}`}>
          {members.map((account) => (
            <AccountCard key={account.account_id} account={account} report={reportOf(account)} onReconnect={() => onReconnect(account)} />
          ))}
        </ul>
      </section>
    ));
}
