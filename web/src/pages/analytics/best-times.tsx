// At which hours an account posts, and when the next of them is.

import { NativeSelect } from "@mantine/core";
import { useState } from "react";

import { useAccounts } from "@/api/calls/accounts";
import { useBestTimes } from "@/api/calls/workspace";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";
import { ownZone } from "@/lib/zone";
import { ButtonLink } from "@/ui/links";
import { Section } from "@/ui/page";
import { Await, Loading } from "@/ui/states";

export function BestTimes() {
  const { t } = useTexts();
  const { data: accounts = [] } = useAccounts();
  const [chosen, setChosen] = useState<number | null>(null);
  const account = chosen ?? accounts[0]?.account_id;
  if (account === undefined) return null;
  return (
    <Section
      title={t("analytics.best")}
      actions={
        <NativeSelect
          aria-label={t("analytics.best.account")}
          value={account}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
          data={accounts.map((one) => ({ value: String(one.account_id), label: `${one.account_name} · ${look(one.platform).name}` }))}
        />
      }
    >
      <Times key={account} account={account} />
    </Section>
  );
}

function Times({ account }: { account: number }) {
  const { t, moment } = useTexts();
  const best = useBestTimes([account], ownZone());
  return (
    <Await query={best} loading={<Loading />}>
      {({ best_times }) => {
        const recommended = best_times[0];
        if (!recommended) return null;
        return (
          <div className="stack">
            <div className="row wrap">
              {recommended.slots.map((slot) => (
                <ButtonLink
                  key={slot.next.scheduled_for}
                  to="/compose"
                  search={{ at: slot.next.scheduled_for }}
                  variant="default"
                  aria-label={t("analytics.best.plan", { time: moment(slot.next.scheduled_for) })}
                >
                  {moment(slot.next.scheduled_for)}
                </ButtonLink>
              ))}
            </div>
            <p className="dim small no-margin">{recommended.note}</p>
          </div>
        );
      }}
    </Await>
  );
}
