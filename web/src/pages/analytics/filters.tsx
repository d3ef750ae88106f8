// Which posts and which numbers the page is about. All of it is in the address.

import { Button, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";

import { useAccounts } from "@/api/calls/accounts";
import { useCampaigns } from "@/api/calls/workspace";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";

import css from "./analytics.module.css";
import { daysOf, PERIODS, periodOf, type Search } from "./search";

interface Props {
  search: Search;
  onChange: (change: Search) => void;
}

export function PeriodChoice({ search, onChange }: Props) {
  const { t } = useTexts();
  const period = periodOf(search);
  const days = daysOf(search);
  return (
    <div className={css.period}>
      <SegmentedControl
        className={css.periods}
        aria-label={t("analytics.period")}
        value={period}
        onChange={(value) => onChange(value === "custom" ? { period: value, ...days } : { period: value, from: undefined, to: undefined })}
        data={PERIODS.map((value) => ({ value, label: t(`analytics.${value}`) }))}
      />
      {period === "custom" && (
        <div className={css.days}>
          <TextInput type="date" aria-label={t("analytics.from")} value={days.from} required onChange={(event) => event.currentTarget.value && onChange({ from: event.currentTarget.value, to: days.to })} />
          <span className="dim" aria-hidden>
            –
          </span>
          <TextInput type="date" aria-label={t("analytics.to")} value={days.to} required onChange={(event) => event.currentTarget.value && onChange({ from: days.from, to: event.currentTarget.value })} />
        </div>
      )}
    </div>
  );
}

export function Filters({ search, onChange }: Props) {
  const { t } = useTexts();
  const { data: accounts = [] } = useAccounts();
  const { data: campaigns = [] } = useCampaigns();
  const platforms = [...new Set(accounts.map((account) => account.platform))];
  const isFiltered = Boolean(search.platform ?? search.account ?? search.campaign);
  const any = (name: string) => ({ value: "", label: `${name}: ${t("posts.filter.any")}` });
  return (
    <div className={css.filters} role="search" aria-label={t("analytics.filters")}>
      <NativeSelect
        aria-label={t("analytics.platform")}
        value={search.platform ?? ""}
        onChange={(event) => onChange({ platform: event.currentTarget.value || undefined })}
        data={[any(t("analytics.platform")), ...platforms.map((value) => ({ value, label: look(value).name }))]}
      />
      <NativeSelect
        aria-label={t("analytics.account")}
        value={search.account ?? ""}
        onChange={(event) => onChange({ account: Number(event.currentTarget.value) || undefined })}
        data={[any(t("analytics.account")), ...accounts.map((one) => ({ value: String(one.account_id), label: `${one.account_name} · ${look(one.platform).name}` }))]}
      />
      {campaigns.length > 0 && (
        <NativeSelect
          aria-label={t("analytics.campaign")}
          value={search.campaign ?? ""}
          onChange={(event) => onChange({ campaign: Number(event.currentTarget.value) || undefined })}
          data={[any(t("analytics.campaign")), ...campaigns.map((one) => ({ value: String(one.id), label: one.name }))]}
        />
      )}
      {isFiltered && (
        <Button variant="subtle" color="gray" leftSection={<IconX size={16} aria-hidden />} onClick={() => onChange({ platform: undefined, account: undefined, campaign: undefined })}>
          {t("posts.filters.clear")}
        </Button>
      )}
    </div>
  );
}
