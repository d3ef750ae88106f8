// Which days are shown, in which form, and of what.

import { ActionIcon, Button, NativeSelect, SegmentedControl, Switch } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";

import { useMemo } from "react";

import { useAccounts } from "@/api/calls/accounts";
import { useCampaigns } from "@/api/calls/workspace";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";
import { ownZone, zones } from "@/lib/zone";

import css from "./calendar.module.css";
import type { CalendarSearch } from "./use-posts";

export type View = "dayGridMonth" | "timeGridWeek" | "timeGridDay" | "listAhead" | "listDay";

interface Props {
  title: string;
  view: View;
  onView: (view: View) => void;
  onMove: (step: "previous" | "next" | "today") => void;
  search: CalendarSearch;
  onSearch: (search: CalendarSearch) => void;
  hasQueue: boolean;
  withSlots: boolean;
  onSlots: (shown: boolean) => void;
}

const STATUSES = ["scheduled", "publishing", "published", "partially_failed", "failed"] as const;

export function Toolbar({ title, view, onView, onMove, search, onSearch, hasQueue, withSlots, onSlots }: Props) {
  const { t } = useTexts();
  const { data: accounts = [] } = useAccounts();
  const { data: campaigns = [] } = useCampaigns("active");
  // Hundreds of entries, which are drawn once and not with every step through the months.
  const choices = useMemo(() => {
    const own = ownZone();
    return [
      <option key="" value="">
        {t("calendar.zone.own", { zone: own })}
      </option>,
      ...zones()
        .filter((zone) => zone !== own)
        .map((zone) => <option key={zone}>{zone}</option>),
    ];
  }, [t]);
  const any = (label: string) => ({ value: "", label: `${label}: ${t("posts.filter.any")}` });
  return (
    <div className={css.toolbar}>
      <div className="row wrap">
        <ActionIcon variant="default" size="lg" aria-label={t("do.previous")} onClick={() => onMove("previous")}>
          <IconChevronLeft size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="default" size="lg" aria-label={t("do.next")} onClick={() => onMove("next")}>
          <IconChevronRight size={18} aria-hidden />
        </ActionIcon>
        <Button variant="default" onClick={() => onMove("today")}>
          {t("calendar.today")}
        </Button>
        <h2 className={css.title} aria-live="polite">
          {title}
        </h2>
      </div>
      <SegmentedControl
        aria-label={t("calendar.view")}
        // A full day of the month is read as a list, and is a day all the same.
        value={view === "listDay" ? "timeGridDay" : view}
        onChange={(value) => onView(value)}
        data={[
          { value: "dayGridMonth", label: t("calendar.month") },
          { value: "timeGridWeek", label: t("calendar.week") },
          { value: "timeGridDay", label: t("calendar.day") },
          { value: "listAhead", label: t("calendar.list") },
        ]}
      />
      <div className={css.filters}>
        <NativeSelect
          aria-label={t("posts.filter.platform")}
          value={search.platform ?? ""}
          onChange={(event) => onSearch({ ...search, platform: event.currentTarget.value || undefined })}
          data={[any(t("posts.filter.platform")), ...[...new Set(accounts.map((account) => account.platform))].map((value) => ({ value, label: look(value).name }))]}
        />
        <NativeSelect
          aria-label={t("posts.filter.status")}
          value={search.status ?? ""}
          onChange={(event) => onSearch({ ...search, status: event.currentTarget.value || undefined })}
          data={[any(t("posts.filter.status")), ...STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))]}
        />
        {campaigns.length > 0 && (
          <NativeSelect
            aria-label={t("posts.filter.campaign")}
            value={search.campaign ?? ""}
            onChange={(event) => onSearch({ ...search, campaign: Number(event.currentTarget.value) || undefined })}
            data={[any(t("posts.filter.campaign")), ...campaigns.map((one) => ({ value: String(one.id), label: one.name }))]}
          />
        )}
        <NativeSelect aria-label={t("time.zone")} value={search.zone ?? ""} onChange={(event) => onSearch({ ...search, zone: event.currentTarget.value || undefined })}>
          {choices}
        </NativeSelect>
        {hasQueue && <Switch label={t("calendar.slots")} checked={withSlots} onChange={(event) => onSlots(event.currentTarget.checked)} />}
      </div>
    </div>
  );
}
