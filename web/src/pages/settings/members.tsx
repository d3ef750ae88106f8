// Who belongs to the organization, and who is invited.

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";

import { ROLES, useMay, useSession, useSessionChange, useSessionList, type Invitation, type MadeInvitation, type Member, type Role } from "@/api/session";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { initials } from "@/ui/badges";
import { Confirm } from "@/ui/confirm";
import { Copyable } from "@/ui/copy";
import { FormRefusal } from "@/ui/form-refusal";
import { Section } from "@/ui/page";
import { Await, describe, Loading } from "@/ui/states";
import { useTell } from "@/ui/toasts";

import css from "./settings.module.css";

export function Members() {
  const { t } = useTexts();
  const { data: session } = useSession();
  const members = useSessionList<Member>("members");
  const { manage: mayChange } = useMay();
  return (
    <div className="stack">
      <Section title={t("settings.tab.members")} lead={t("members.lead", { organization: session?.organization?.name ?? "" })}>
        <Await query={members}>
          {(all) => (
            <ul className={`plain ${css.people ?? ""}`}>
              {all.map((member) => (
                <Row key={member.user_id} member={member} isSelf={member.user_id === session?.user?.id} mayChange={mayChange} />
              ))}
            </ul>
          )}
        </Await>
      </Section>
      {mayChange && <Invitations />}
    </div>
  );
}

function Row({ member, isSelf, mayChange }: { member: Member; isSelf: boolean; mayChange: boolean }) {
  const { t } = useTexts();
  const tell = useTell();
  const [asked, setAsked] = useState(false);
  const change = useSessionChange<{ id: number; role: Role }>("PATCH", "members", ({ id }) => `/members/${id}`);
  const remove = useSessionChange<number>("DELETE", "members", (id) => `/members/${id}`);
  return (
    <li className={css.person}>
      <span className={css.face} aria-hidden>
        {initials(member.name)}
      </span>
      <span className="grow">
        <span className="strong cut" style={{ display: "block" }}>
          {member.name} {isSelf && <span className="dim small">({t("members.you")})</span>}
        </span>
        <span className="dim small cut" style={{ display: "block" }}>
          {member.email}
        </span>
      </span>
      {isSelf || !mayChange ? (
        <span className="dim small">{t(`role.${member.role}`)}</span>
      ) : (
        <>
          <NativeSelect
            size="xs"
            aria-label={t("members.role.of", { name: member.name })}
            value={member.role}
            data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
            onChange={(event) =>
              change.mutate(
                { id: member.user_id, role: event.currentTarget.value as Role },
                { onSuccess: () => tell(t("members.changed")), onError: (error) => tell(describe(error, t), { tone: "bad" }) },
              )
            }
          />
          <Button size="xs" variant="default" onClick={() => setAsked(true)}>
            {t("members.remove")}
          </Button>
        </>
      )}
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t("members.remove.ask", { name: member.name })}
        action={t("members.remove")}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(member.user_id, { onSuccess: () => tell(t("members.removed", { name: member.name })) })}
      >
        <p className="no-margin">{t("members.remove.what")}</p>
      </Confirm>
    </li>
  );
}

function Invitations() {
  const { t, day } = useTexts();
  const tell = useTell();
  const list = useSessionList<Invitation>("invitations");
  const invite = useSessionChange<{ email: string; role: Role }, MadeInvitation>("POST", "invitations", () => "/invitations");
  const withdraw = useSessionChange<string>("DELETE", "invitations", (id) => `/invitations/${id}`);
  const [role, setRole] = useState<Role>("editor");
  return (
    <Section title={t("invite.title")} lead={t("invite.lead")}>
      <form
        className={css.add}
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          invite.mutate({ email: typed(new FormData(form), "email"), role }, { onSuccess: () => form.reset() });
        }}
      >
        <TextInput name="email" type="email" label={t("invite.email")} required withAsterisk={false} className="grow" />
        <NativeSelect label={t("members.role")} value={role} onChange={(event) => setRole(event.currentTarget.value as Role)} data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} />
        <Button type="submit" loading={invite.isPending}>
          {t("invite.do")}
        </Button>
      </form>
      <FormRefusal error={invite.error} />
      {invite.data && (
        <div className="stack" style={{ "--gap": "0.375rem" } as React.CSSProperties} role="status">
          <span className="small">{t("invite.link", { email: invite.data.email })}</span>
          <Copyable value={linkOf(invite.data)} label={t("invite.link.label")} />
        </div>
      )}
      <Await query={list} loading={<Loading />}>
        {(all) =>
          all.length === 0 ? (
            <p className="dim no-margin">{t("invite.none")}</p>
          ) : (
            <ul className={`plain ${css.people ?? ""}`}>
              {all.map((one) => (
                <li key={one.id} className={css.person}>
                  <span className="grow">
                    <span className="strong cut" style={{ display: "block" }}>
                      {one.email}
                    </span>
                    <span className="dim small">
                      {t(`role.${one.role}`)} · {t("invite.until", { time: day(one.expires_at) })}
                    </span>
                  </span>
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() =>
                      withdraw.mutate(one.id, { onSuccess: () => tell(t("invite.deleted")), onError: (error) => tell(describe(error, t), { tone: "bad" }) })
                    }
                  >
                    {t("invite.delete")}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Await>
    </Section>
  );
}

/** The server's link, or one to this page's own server with the token that it gave. */
function linkOf(made: MadeInvitation): string {
  return made.url ?? `${window.location.origin}/invitation#token=${encodeURIComponent(made.token ?? "")}`;
}
