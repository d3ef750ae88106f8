// What to do first: connect an account, write a post, and give a program its key.

import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";

import { useAccounts } from "@/api/calls/accounts";
import { useMay, useSession } from "@/api/session";
import { useTexts } from "@/i18n";
import { ConnectDialog, PlatformChoice, type ConnectTarget } from "@/pages/accounts/connect";
import { Copyable } from "@/ui/copy";
import { ButtonLink } from "@/ui/links";
import { Note } from "@/ui/note";
import { Page } from "@/ui/page";
import { Await } from "@/ui/states";

import css from "./welcome.module.css";

/** More accounts than these stand on their own page. */
const SHOWN_NAMES = 4;

export function WelcomePage() {
  const { t } = useTexts();
  const { data: session } = useSession();
  const { write, manage } = useMay();
  const accounts = useAccounts();
  const [target, setTarget] = useState<ConnectTarget | null>(null);
  return (
    <Page title={t("welcome.title")} lead={t("welcome.lead")} width="narrow">
      <Await query={accounts}>
        {(all) => {
          const isConnected = all.some((account) => account.is_active);
          const names = [...new Set(all.map((account) => account.account_name))].slice(0, SHOWN_NAMES).join(", ");
          return (
            <ol className={`plain ${css.steps ?? ""}`}>
              <Step number={1} title={t("welcome.connect")} lead={isConnected ? t("welcome.connected", { names }) : t("welcome.connect.what")} isDone={isConnected}>
                {write && !isConnected && <PlatformChoice onChange={setTarget} />}
                {write && isConnected && (
                  <div>
                    <Button variant="default" onClick={() => setTarget({ kind: "choose" })}>
                      {t("connect.another")}
                    </Button>
                  </div>
                )}
                {session?.sandbox ? <Note tone="wait">{t("welcome.sandbox")}</Note> : <NoSandbox />}
              </Step>
              <Step number={2} title={t("welcome.post")} lead={t("welcome.post.what")}>
                {write && isConnected && (
                  <div>
                    <ButtonLink to="/compose">{t("connect.write")}</ButtonLink>
                  </div>
                )}
              </Step>
              {manage && (
                <Step number={3} title={t("welcome.key")} lead={t("welcome.key.what")}>
                  <div>
                    <ButtonLink to="/developers" variant="default">
                      {t("welcome.key.do")}
                    </ButtonLink>
                  </div>
                </Step>
              )}
            </ol>
          );
        }}
      </Await>
      <ConnectDialog target={target} onChange={setTarget} />
    </Page>
  );
}

interface StepProps {
  number: number;
  title: string;
  lead: string;
  isDone?: boolean;
  children: ReactNode;
}

function Step({ number, title, lead, isDone = false, children }: StepProps) {
  const { t } = useTexts();
  return (
    <li className={`card ${css.step ?? ""}`}>
      <span className={css.number} data-done={isDone || undefined}>
        {isDone ? <IconCheck size={17} aria-label={t("welcome.done")} /> : number}
      </span>
      <div className={css.body}>
        <div>
          <h2 className="title">{title}</h2>
          <p className="dim no-margin breaks">{lead}</p>
        </div>
        {children}
      </div>
    </li>
  );
}

/** How to try things where nothing can go wrong, on a server that publishes for real. */
function NoSandbox() {
  const { t } = useTexts();
  return (
    <div className="stack" style={{ "--gap": "0.375rem" } as React.CSSProperties}>
      <span className="small dim">{t("welcome.try")}</span>
      <Copyable value="fanfare demo" label={t("welcome.try.command")} />
    </div>
  );
}
