// Campaigns: posts under a name and a colour.

import { ActionIcon, Button, Menu, SegmentedControl } from "@mantine/core";
import { IconArchive, IconDots, IconFlag, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { useCampaigns, useDeleteCampaign, useUpdateCampaign } from "@/api/calls/workspace";
import type { Campaign } from "@/api/types";
import { useTexts } from "@/i18n";
import { Confirm } from "@/ui/confirm";
import { ButtonLink } from "@/ui/links";
import { Page } from "@/ui/page";
import { Await, describe, Empty } from "@/ui/states";
import { useTell } from "@/ui/toasts";

import css from "./campaigns.module.css";
import { CampaignDialog } from "./dialog";

export function CampaignsPage() {
  const { t } = useTexts();
  const [status, setStatus] = useState<"active" | "archived">("active");
  const campaigns = useCampaigns(status);
  const [edited, setEdited] = useState<Campaign | "new" | null>(null);
  return (
    <Page
      title={t("campaigns.title")}
      lead={t("campaigns.lead")}
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited("new")}>
          {t("campaigns.new")}
        </Button>
      }
    >
      <div>
        <SegmentedControl
          aria-label={t("posts.filter.status")}
          value={status}
          onChange={(value) => setStatus(value)}
          data={[
            { value: "active", label: t("campaigns.active") },
            { value: "archived", label: t("campaigns.archived") },
          ]}
        />
      </div>
      <Await query={campaigns}>
        {(all) =>
          all.length === 0 ? (
            <div className="card">
              <Empty icon={IconFlag} title={t("campaigns.empty")} action={<Button onClick={() => setEdited("new")}>{t("campaigns.new")}</Button>}>
                {t("campaigns.empty.do")}
              </Empty>
            </div>
          ) : (
            <ul className={`plain ${css.grid ?? ""}`}>
              {all.map((campaign) => (
                <Card key={campaign.id} campaign={campaign} onEdit={() => setEdited(campaign)} />
              ))}
            </ul>
          )
        }
      </Await>
      <CampaignDialog campaign={edited} onClose={() => setEdited(null)} />
    </Page>
  );
}

function Card({ campaign, onEdit }: { campaign: Campaign; onEdit: () => void }) {
  const { t, tn, ago } = useTexts();
  const tell = useTell();
  const update = useUpdateCampaign();
  const remove = useDeleteCampaign();
  const [asked, setAsked] = useState(false);
  const isActive = campaign.status === "active";
  return (
    <li className={`card ${css.card ?? ""}`} style={{ "--campaign": campaign.color } as React.CSSProperties}>
      <div className="row top">
        <div className="grow">
          <Link to="/posts" search={{ campaign: campaign.id }} className={css.name}>
            {campaign.name}
          </Link>
          <p className="dim small no-margin">
            {tn("campaigns.posts", campaign.post_count)} · {ago(campaign.updated_at)}
          </p>
        </div>
        <Menu>
          <Menu.Target>
            <ActionIcon size="lg" aria-label={`${t("app.more")}: ${campaign.name}`}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={onEdit}>
              {t("do.edit")}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArchive size={16} aria-hidden />}
              onClick={() =>
                update.mutate(
                  { id: campaign.id, body: { status: isActive ? "archived" : "active" } },
                  { onError: (error) => tell(describe(error, t), { tone: "bad" }) },
                )
              }
            >
              {t(isActive ? "campaigns.archive" : "campaigns.unarchive")}
            </Menu.Item>
            <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setAsked(true)}>
              {t("do.delete")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {campaign.description && <p className="no-margin breaks">{campaign.description}</p>}
      {isActive && (
        <div className="row wrap">
          <ButtonLink to="/compose" search={{ campaign: campaign.id }} size="xs" variant="default">
            {t("campaigns.write")}
          </ButtonLink>
          <ButtonLink to="/calendar" search={{ campaign: campaign.id }} size="xs" variant="default">
            {t("campaigns.plan")}
          </ButtonLink>
        </div>
      )}
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t("campaigns.delete.ask", { name: campaign.name })}
        action={t("do.delete")}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(campaign.id)}
      >
        <p className="no-margin">{t("campaigns.delete.what")}</p>
      </Confirm>
    </li>
  );
}
