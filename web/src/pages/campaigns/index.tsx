// Campaigns: posts under a name and a colour.

import { ActionIcon, Button, Menu, SegmentedControl } from "@mantine/core";
import { IconArchive, IconDots, IconFlag, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { useCampaigns, useDeleteCampaign, useUpdateCampaign } from "@/api/calls/workspace";
import type { Campaign } from "@/api/types";
import { useTexts } from "@/i18n";
import { useCalm } from "@/ui/calm";
import { Confirm } from "@/ui/confirm";
import { ButtonLink } from "@/ui/links";
import { Page } from "@/ui/page";
import { Await, Empty } from "@/ui/states";

import css from "./campaigns.module.css";
import { CampaignDialog, type Edited } from "./dialog";

export function CampaignsPage() {
  const { t } = useTexts();
  const [status, setStatus] = useState<"active" | "archived">("active");
  const campaigns = useCampaigns(status);
  const [edited, setEdited] = useState<Edited | null>(null);
  return (
    <Page
      title={t("campaigns.title")}
      lead={t("campaigns.lead")}
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited({ campaign: null })}>
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
              <Empty icon={IconFlag} title={t("campaigns.empty")} action={<Button onClick={() => setEdited({ campaign: null })}>{t("campaigns.new")}</Button>}>
                {t("campaigns.empty.do")}
              </Empty>
            </div>
          ) : (
            <ul className={`plain ${css.grid ?? ""}`}>
              {all.map((campaign) => (
                <Card key={campaign.id} campaign={campaign} onEdit={() => setEdited({ campaign })} />
              ))}
            </ul>
          )
        }
      </Await>
      <CampaignDialog edited={edited} onEdit={setEdited} />
    </Page>
  );
}

function Card({ campaign, onEdit }: { campaign: Campaign; onEdit: () => void }) {
  const { t, tn, ago } = useTexts();
  const calm = useCalm();
  const update = useUpdateCampaign();
  const remove = useDeleteCampaign();
  const [asked, setAsked] = useState(false);
  const isActive = campaign.status === "active";
  const set = (status: Campaign["status"]) => update.mutateAsync({ id: campaign.id, body: { status } });
  const said = (status: Campaign["status"]) => t(status === "active" ? "campaigns.isActive" : "campaigns.isArchived", { name: campaign.name });
  const move = (status: Campaign["status"]) =>
    void calm({ send: () => set(status), done: said(status), undo: { send: () => set(campaign.status), done: said(campaign.status) } });
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
              onClick={() => move(isActive ? "archived" : "active")}
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
        onConfirm={() => {
          setAsked(false);
          void calm({ send: () => remove.mutateAsync(campaign.id), done: t("campaigns.deleted", { name: campaign.name }) });
        }}
      >
        <p className="no-margin">{t("campaigns.delete.what")}</p>
      </Confirm>
    </li>
  );
}
