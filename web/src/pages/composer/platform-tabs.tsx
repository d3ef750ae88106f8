// The text for all, and beside it what is different on each chosen platform.

import { Button, NativeSelect, Tabs, Textarea } from "@mantine/core";

import type { ValidatedDestination, ValidationEntry } from "@/api/types";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";
import { PlatformMark } from "@/ui/badges";
import { Note } from "@/ui/note";

import css from "./composer.module.css";
import type { Draft, Own } from "./draft";
import { FIELDS } from "./fields";
import { SettingField } from "./setting-field";

interface Props {
  draft: Draft;
  platforms: string[];
  destinations: ValidatedDestination[];
  set: (change: Partial<Draft>) => void;
  children: React.ReactNode;
}

export function PlatformTabs({ draft, platforms, destinations, set, children }: Props) {
  const { t } = useTexts();
  const setOwn = (platform: string, change: Partial<Own>) =>
    set({ own: { ...draft.own, [platform]: { settings: {}, ...draft.own[platform], ...change } } });
  if (platforms.length === 0) return children;
  return (
    <Tabs defaultValue="all" variant="outline" keepMounted={false} className={css.tabs ?? ""}>
      <Tabs.List aria-label={t("compose.tabs")}>
        <Tabs.Tab value="all">{t("compose.tab.all")}</Tabs.Tab>
        {platforms.map((platform) => {
          const refused = destinations.some((one) => one.platform === platform && !one.valid);
          return (
            <Tabs.Tab key={platform} value={platform} aria-label={`${look(platform).name}${refused ? `, ${t("compose.refused")}` : ""}`}>
              <span className={css.tab} data-refused={refused || undefined}>
                <PlatformMark platform={platform} size={18} named />
                {draft.own[platform]?.content !== undefined && <span className={css.changed} aria-hidden />}
              </span>
            </Tabs.Tab>
          );
        })}
      </Tabs.List>
      <Tabs.Panel value="all" pt="md">
        {children}
      </Tabs.Panel>
      {platforms.map((platform) => (
        <Tabs.Panel key={platform} value={platform} pt="md">
          <OwnPanel
            platform={platform}
            own={draft.own[platform] ?? { settings: {} }}
            common={draft.content}
            errors={destinations.filter((one) => one.platform === platform).flatMap((one) => one.errors)}
            onChange={(change) => setOwn(platform, change)}
            onReset={() => {
              const rest = Object.entries(draft.own[platform] ?? {}).filter(([key]) => key !== "content");
              set({ own: { ...draft.own, [platform]: { settings: {}, ...Object.fromEntries(rest) } } });
            }}
          />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

interface PanelProps {
  platform: string;
  own: Own;
  common: string;
  errors: ValidationEntry[];
  onChange: (change: Partial<Own>) => void;
  onReset: () => void;
}

function OwnPanel({ platform, own, common, errors, onChange, onReset }: PanelProps) {
  const { t } = useTexts();
  const { name } = look(platform);
  const { contentTypes = [], fields } = FIELDS[platform] ?? { fields: [] };
  const errorOf = (key: string) => errors.find((one) => one.field === key || one.field.endsWith(`.${key}`))?.message;
  const elsewhere = errors.filter((one) => !fields.some(({ key }) => one.field === key || one.field.endsWith(`.${key}`)));
  return (
    <div className="stack">
      <div>
        <Textarea
          label={t("compose.own", { platform: name })}
          description={own.content === undefined ? t("compose.own.same") : undefined}
          autosize
          minRows={4}
          value={own.content ?? common}
          onChange={(event) => onChange({ content: event.currentTarget.value })}
          classNames={{ input: own.content === undefined ? (css.borrowed ?? "") : "" }}
        />
        {own.content !== undefined && (
          <Button size="compact-xs" variant="subtle" mt={6} onClick={onReset}>
            {t("compose.own.reset")}
          </Button>
        )}
      </div>
      {elsewhere.length > 0 && (
        <Note tone="bad">
          <ul className="plain">
            {elsewhere.map((one) => (
              <li key={`${one.field}${one.code}${one.account_id}`}>{one.message}</li>
            ))}
          </ul>
        </Note>
      )}
      {(contentTypes.length > 0 || fields.length > 0) && (
        <div className={css.fields}>
          {contentTypes.length > 0 && (
            <NativeSelect
              label={t("field.contentType")}
              value={own.contentType ?? ""}
              onChange={(event) => onChange({ contentType: event.currentTarget.value })}
              data={[{ value: "", label: t("field.usual") }, ...contentTypes]}
            />
          )}
          {fields.map((field) => (
            <SettingField
              key={field.key}
              field={field}
              value={own.settings[field.key]}
              error={errorOf(field.key)}
              onChange={(value) => onChange({ settings: { ...own.settings, [field.key]: value } })}
            />
          ))}
        </div>
      )}
      {fields.length === 0 && <p className="dim small no-margin">{t("compose.noSettings", { platform: name })}</p>}
    </div>
  );
}
