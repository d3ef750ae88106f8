// What narrows the list of posts. All of it is in the address, so that a list can be kept and shared.

import { Button, NativeSelect, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";

import { useAccounts } from "@/api/calls/accounts";
import { useCampaigns } from "@/api/calls/workspace";
import type { PostStatus } from "@/api/types";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";

import css from "./posts.module.css";

export interface Search {
  search?: string | undefined;
  status?: PostStatus | undefined;
  platform?: string | undefined;
  account?: number | undefined;
  campaign?: number | undefined;
  approval?: "requested" | undefined;
  sort?: string | undefined;
  offset?: number | undefined;
}

const STATUSES: PostStatus[] = ["draft", "scheduled", "publishing", "published", "partially_failed", "failed"];
const TYPING_MS = 250;

export function Filters({ search, onChange }: { search: Search; onChange: (next: Search) => void }) {
  const { t } = useTexts();
  const { data: accounts = [] } = useAccounts();
  const { data: campaigns = [] } = useCampaigns();
  const [cleared, setCleared] = useState(0);
  const platforms = [...new Set(accounts.map((account) => account.platform))];
  const set = (change: Search) => onChange({ ...search, ...change, offset: undefined });
  const isFiltered = Boolean(search.search ?? search.status ?? search.platform ?? search.account ?? search.campaign ?? search.approval);

  return (
    <div className={css.filters} role="search" aria-label={t("posts.filters")}>
      <SearchField key={cleared} value={search.search ?? ""} onChange={(value) => set({ search: value || undefined })} />
      <div className={css.tabs} role="group" aria-label={t("posts.filter.status")}>
        {[undefined, ...STATUSES].map((status) => (
          <UnstyledButton
            key={status ?? "all"}
            className={css.tab}
            aria-pressed={search.status === status && !search.approval}
            onClick={() => set({ status, approval: undefined })}
          >
            {t(status ? `status.${status}` : "status.all")}
          </UnstyledButton>
        ))}
        <UnstyledButton
          className={css.tab}
          aria-pressed={search.approval === "requested"}
          onClick={() => set({ status: undefined, approval: "requested" })}
        >
          {t("approval.requested")}
        </UnstyledButton>
      </div>
      <div className={css.selects}>
        <NativeSelect
          aria-label={t("posts.filter.platform")}
          value={search.platform ?? ""}
          onChange={(event) => set({ platform: event.currentTarget.value || undefined })}
          data={[
            { value: "", label: `${t("posts.filter.platform")}: ${t("posts.filter.any")}` },
            ...platforms.map((value) => ({ value, label: look(value).name })),
          ]}
        />
        <NativeSelect
          aria-label={t("posts.filter.account")}
          value={search.account ?? ""}
          onChange={(event) => set({ account: Number(event.currentTarget.value) || undefined })}
          data={[
            { value: "", label: `${t("posts.filter.account")}: ${t("posts.filter.any")}` },
            ...accounts.map((account) => ({ value: String(account.account_id), label: `${account.account_name} · ${look(account.platform).name}` })),
          ]}
        />
        {campaigns.length > 0 && (
          <NativeSelect
            aria-label={t("posts.filter.campaign")}
            value={search.campaign ?? ""}
            onChange={(event) => set({ campaign: Number(event.currentTarget.value) || undefined })}
            data={[
              { value: "", label: `${t("posts.filter.campaign")}: ${t("posts.filter.any")}` },
              ...campaigns.map((campaign) => ({ value: String(campaign.id), label: campaign.name })),
            ]}
          />
        )}
        <NativeSelect
          aria-label={t("posts.sort")}
          value={search.sort ?? "created_at"}
          onChange={(event) => set({ sort: event.currentTarget.value === "created_at" ? undefined : event.currentTarget.value })}
          data={[
            { value: "created_at", label: t("posts.sort.created") },
            { value: "scheduled_for", label: t("posts.sort.scheduled") },
            { value: "published_at", label: t("posts.sort.published") },
            { value: "updated_at", label: t("posts.sort.updated") },
          ]}
        />
        {isFiltered && (
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconX size={16} aria-hidden />}
            onClick={() => {
              setCleared(cleared + 1);
              onChange({ sort: search.sort });
            }}
          >
            {t("posts.filters.clear")}
          </Button>
        )}
      </div>
    </div>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTexts();
  const [typed, setTyped] = useState(value);
  const [seen, setSeen] = useState(value);
  /** What the address was told and has not shown yet. */
  const [told, setTold] = useState<string[]>([]);
  const tell = useDebouncedCallback((next: string) => {
    if (next === value) return;
    setTold([...told, next]);
    onChange(next);
  }, TYPING_MS);
  useEffect(() => () => tell.cancel(), [tell]);
  if (value !== seen) {
    const echo = told.indexOf(value);
    setSeen(value);
    setTold(echo < 0 ? [] : told.slice(echo + 1));
    // Somebody went back. An echo is left alone: more may have been typed since.
    if (echo < 0) setTyped(value);
  }
  return (
    <TextInput
      type="search"
      data-search
      aria-label={t("posts.search")}
      placeholder={t("posts.search")}
      leftSection={<IconSearch size={17} aria-hidden />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        tell(event.currentTarget.value.trim());
      }}
    />
  );
}
