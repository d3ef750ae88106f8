// The composer's page: finds what is written on, then lets somebody write.

import { IconLock, IconPlugConnected } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useAccounts } from "@/api/calls/accounts";
import { usePost } from "@/api/calls/posts";
import { useMediaItem } from "@/api/calls/media";
import { usePlatformRules } from "@/api/calls/workspace";
import { useMay } from "@/api/session";
import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { ownZone, toLocal } from "@/lib/zone";
import { isEditable } from "@/pages/posts/post";
import { Page } from "@/ui/page";
import { Await, Empty } from "@/ui/states";
import { firstSuggestion, type PlannedTime } from "@/ui/time-fields";
import { ButtonLink } from "@/ui/links";

import { Composer } from "./composer";
import { attached, emptyDraft, fromPost, isEmpty, type Draft } from "./draft";
import { readUnsent } from "./unsent";

export function ComposerPage() {
  const { t } = useTexts();
  const search = useSearch({ from: "/signed-in/compose" });
  const accounts = useAccounts();
  const rules = usePlatformRules();
  const { write } = useMay();
  if (!write) {
    return (
      <Page title={t("compose.title")}>
        <div className="card">
          <Empty icon={IconLock} title={t("compose.mayNot")}>
            {t("compose.mayNot.do")}
          </Empty>
        </div>
      </Page>
    );
  }
  return (
    <Await query={rules}>
      {(loadedRules) => (
        <Await query={accounts}>
          {(loadedAccounts) =>
            loadedAccounts.length === 0 ? (
              <Page title={t("compose.title")}>
                <div className="card">
                  <Empty
                    icon={IconPlugConnected}
                    title={t("compose.noAccounts")}
                    action={
                      <ButtonLink to="/accounts">
                        {t("accounts.connect")}
                      </ButtonLink>
                    }
                  >
                    {t("compose.noAccounts.do")}
                  </Empty>
                </div>
              </Page>
            ) : (
              <WithSource key={JSON.stringify(search)} {...search}>
                {(initial, before) => <Composer initial={initial} before={before} accounts={loadedAccounts} rules={loadedRules} />}
              </WithSource>
            )
          }
        </Await>
      )}
    </Await>
  );
}

interface Search {
  edit?: string | undefined;
  copy?: string | undefined;
  at?: string | undefined;
  campaign?: number | undefined;
  media?: string | undefined;
}

type Render = (initial: Draft, before: Post | null) => React.ReactNode;

function WithSource({ children, ...search }: Search & { children: Render }) {
  const source = search.edit ?? search.copy;
  if (source) return <FromPost id={source} isCopy={!search.edit}>{children}</FromPost>;
  if (search.media) return <FromMedia id={search.media}>{children}</FromMedia>;
  return <Fresh {...search}>{children}</Fresh>;
}

function FromPost({ id, isCopy, children }: { id: string; isCopy: boolean; children: Render }) {
  const post = usePost(id);
  return (
    <Await query={post}>
      {(loaded) => {
        const draft = fromPost(loaded, firstSuggestion(isCopy ? null : loaded.scheduled_for, ownZone()));
        const isNew = isCopy || !isEditable(loaded);
        return <Once value={isNew ? { ...draft, when: "draft" } : draft}>{(initial) => children(initial, isNew ? null : loaded)}</Once>;
      }}
    </Await>
  );
}

function FromMedia({ id, children }: { id: string; children: Render }) {
  const item = useMediaItem(id);
  return (
    <Await query={item}>
      {(loaded) => <Once value={{ ...emptyDraft(firstSuggestion(null, ownZone())), media: [attached(loaded)] }}>{(initial) => children(initial, null)}</Once>}
    </Await>
  );
}

function Fresh({ at, campaign, children }: Search & { children: Render }) {
  const [initial] = useState<Draft>(() => {
    const planned = at !== undefined && !Number.isNaN(Date.parse(at));
    const time: PlannedTime = planned ? { local: toLocal(at, ownZone()), zone: ownZone() } : firstSuggestion(null, ownZone());
    const unsent = readUnsent();
    const draft = unsent && !isEmpty(unsent) ? unsent : emptyDraft(time);
    return {
      ...draft,
      ...(planned ? { when: "schedule" as const, time } : {}),
      ...(campaign === undefined ? {} : { campaignId: campaign }),
    };
  });
  return children(initial, null);
}

/** What is written on is read once: when the post changes meanwhile, nothing that was typed is lost. */
function Once({ value, children }: { value: Draft; children: (value: Draft) => React.ReactNode }) {
  const [first] = useState(value);
  return children(first);
}
