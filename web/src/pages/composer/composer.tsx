// Writing a post: everything about it on one page, and how it will look beside it.

import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { useCampaigns } from "@/api/calls/workspace";
import type { Account, Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { toMoment } from "@/lib/zone";
import { Page } from "@/ui/page";
import { describe } from "@/ui/states";
import { isZone } from "@/ui/time-fields";

import { AccountPicker } from "./accounts";
import css from "./composer.module.css";
import { isEmpty, platformsOf, takesAlt, takesFirstComment, takesThread, toCheck, type Draft, type Rules, type When } from "./draft";
import { MediaEditor } from "./media";
import { PlatformTabs } from "./platform-tabs";
import { Previews } from "./previews";
import { Refusal } from "./refusal";
import { CommonText } from "./text";
import { keepUnsent } from "./unsent";
import { useSubmit } from "./use-submit";
import { useUploads } from "./use-uploads";
import { useValidation } from "./use-validation";
import { WhenEditor } from "./when";

interface Props {
  initial: Draft;
  before: Post | null;
  accounts: Account[];
  rules: Rules;
}

export function Composer({ initial, before, accounts, rules }: Props) {
  const { t, tn } = useTexts();
  const [draft, setDraft] = useState(() => withOnlyAccount(initial, before, accounts));
  const set = useCallback((change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change })), []);
  const platforms = platformsOf(draft, accounts);
  const chosen = accounts.filter((account) => draft.accountIds.includes(account.account_id));
  const check = useMemo(() => toCheck(draft, platformsOf(draft, accounts), rules), [draft, accounts, rules]);
  const validation = useValidation(check, draft.accountIds.length > 0 && !isEmpty(draft));
  const uploads = useUploads((item) => setDraft((now) => ({ ...now, media: [...now.media, item] })));
  const { submit, busy, error } = useSubmit(before);

  useEffect(() => {
    if (!before) keepUnsent(isEmpty(draft) ? null : draft);
  }, [draft, before]);

  const refused = validation.destinations.filter((one) => !one.valid);
  const at = isZone(draft.time.zone) ? toMoment(draft.time.local, draft.time.zone) : null;
  const why = missing();

  function missing(): string | null {
    if (isEmpty(draft)) return t("compose.missing.text");
    if (draft.when !== "draft" && draft.accountIds.length === 0) return t("compose.missing.accounts");
    if (uploads.underWay.some((one) => one.error === null)) return t("compose.missing.upload");
    if (draft.when === "schedule" && (!at || at.getTime() < Date.now())) return t("compose.missing.time");
    if (draft.when !== "draft" && refused.length > 0 && validation.isFresh) return tn("compose.missing.refused", refused.length);
    return null;
  }

  const send = () => {
    if (!why && !busy) submit({ draft, platforms, rules });
  };
  const sendNow = useRef(send);
  useEffect(() => {
    sendNow.current = send;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !document.querySelector('[role="dialog"]')) sendNow.current();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);

  const action: Record<When, string> = {
    now: tn("compose.do.now", Math.max(1, draft.accountIds.length)),
    schedule: before && before.status !== "draft" ? t("compose.do.change") : t("compose.do.schedule"),
    queue: t("compose.do.queue"),
    draft: t("compose.do.draft"),
  };

  return (
    <Page title={before ? t("compose.title.edit") : t("compose.title")} width="full">
      <div
        className={css.layout}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length === 0) return;
          event.preventDefault();
          uploads.add(files);
        }}
      >
        <div className={`card ${css.editor ?? ""}`}>
          <AccountPicker accounts={accounts} chosen={draft.accountIds} onChange={(accountIds) => set({ accountIds })} resultOf={validation.of} />
          <PlatformTabs draft={draft} platforms={platforms} destinations={validation.destinations} set={set}>
            <CommonText
              draft={draft}
              set={set}
              platforms={platforms}
              hasThread={platforms.some((one) => takesThread(rules, one))}
              hasFirstComment={platforms.some((one) => takesFirstComment(rules, one))}
            />
          </PlatformTabs>
          <MediaEditor
            media={draft.media}
            underWay={uploads.underWay}
            wantsAlt={platforms.length === 0 || platforms.some(takesAlt)}
            onChange={(media) => set({ media })}
            onFiles={uploads.add}
            onStop={uploads.drop}
            onReplace={(file, id) =>
              uploads.addInstead(file, (item) =>
                setDraft((now) => ({ ...now, media: now.media.map((one) => (one.id === id ? { ...item, alt: one.alt } : one)) })),
              )
            }
          />
          <CampaignField draft={draft} set={set} />
          <WhenEditor draft={draft} choices={choicesFor(before)} set={set} />
          {!before && draft.when !== "draft" && (
            <Checkbox label={t("approval.first")} checked={draft.ask} onChange={(event) => set({ ask: event.currentTarget.checked })} />
          )}
          {error && (
            <Refusal error={error} busy={busy} onAnyway={() => submit({ draft, platforms, rules, allowsDuplicate: true })} />
          )}
          <div className={css.submit}>
            <span className="dim small grow" id="why-not" aria-live="polite">
              {why ?? t("compose.keys")}
            </span>
            <Button size="md" loading={busy} disabled={why !== null} aria-describedby="why-not" onClick={send}>
              {action[draft.when]}
            </Button>
          </div>
        </div>
        <aside className={css.previews} aria-label={t("preview.title")} aria-busy={validation.wanted && !validation.isFresh}>
          <h2 className="title">{t("preview.title")}</h2>
          {validation.error != null && <p className="small bad no-margin">{describe(validation.error, t)}</p>}
          <Previews draft={draft} accounts={chosen} rules={rules} resultOf={validation.of} />
        </aside>
      </div>
    </Page>
  );
}

/** Where there is one account, it is meant. */
function withOnlyAccount(draft: Draft, before: Post | null, accounts: Account[]): Draft {
  const [only, ...others] = accounts;
  if (before || !only?.health.can_post || others.length > 0 || draft.accountIds.length > 0) return draft;
  return { ...draft, accountIds: [only.account_id] };
}

/** A post that is planned stays planned; a draft may go out or stay one. */
function choicesFor(before: Post | null): When[] {
  if (!before) return ["now", "schedule", "queue", "draft"];
  return before.status === "draft" ? ["draft", "schedule", "now"] : ["schedule"];
}

function CampaignField({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  const { t } = useTexts();
  const { data: campaigns = [] } = useCampaigns("active");
  if (campaigns.length === 0) return null;
  return (
    <NativeSelect
      label={t("post.campaign")}
      description={draft.when === "draft" ? t("compose.campaign.draft") : undefined}
      value={draft.campaignId ?? ""}
      onChange={(event) => set({ campaignId: Number(event.currentTarget.value) || null })}
      data={[{ value: "", label: t("compose.campaign.none") }, ...campaigns.map((one) => ({ value: String(one.id), label: one.name }))]}
    />
  );
}
