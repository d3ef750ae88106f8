// Where the post goes. Accounts that cannot post are shown with the reason; they may be chosen all the same.

import { Button, Checkbox } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import type { Account, ValidatedDestination } from "@/api/types";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";
import { AccountMark } from "@/ui/badges";
import { TextLink } from "@/ui/links";

import css from "./composer.module.css";

interface Props {
  accounts: Account[];
  chosen: number[];
  onChange: (chosen: number[]) => void;
  resultOf: (accountId: number) => ValidatedDestination | undefined;
}

export function AccountPicker({ accounts, chosen, onChange, resultOf }: Props) {
  const { t, tn } = useTexts();
  const healthy = accounts.filter((account) => account.health.can_post).map((account) => account.account_id);
  const allChosen = healthy.length > 0 && healthy.every((id) => chosen.includes(id));
  const broken = accounts.filter((account) => chosen.includes(account.account_id) && !account.health.can_post);
  return (
    <fieldset className={css.group}>
      <legend className="row between">
        <span className="strong">{t("compose.accounts")}</span>
        <span className="row">
          <span className="dim small">{tn("compose.chosen", chosen.length)}</span>
          {healthy.length > 1 && (
            <Button size="compact-xs" variant="subtle" onClick={() => onChange(allChosen ? [] : healthy)}>
              {t(allChosen ? "compose.chooseNone" : "compose.chooseAll")}
            </Button>
          )}
        </span>
      </legend>
      <ul className={`plain ${css.accounts ?? ""}`}>
        {accounts.map((account) => (
          <li key={account.account_id}>
            <AccountChoice
              account={account}
              checked={chosen.includes(account.account_id)}
              result={resultOf(account.account_id)}
              onToggle={(on) => onChange(on ? [...chosen, account.account_id] : chosen.filter((id) => id !== account.account_id))}
            />
          </li>
        ))}
      </ul>
      {broken.length > 0 && (
        <p className={css.caution}>
          <IconAlertTriangle size={16} aria-hidden />
          <span>
            {tn("compose.broken", broken.length)}{" "}
            <TextLink to="/accounts" inherit>
              {t("compose.broken.do")}
            </TextLink>
          </span>
        </p>
      )}
    </fieldset>
  );
}

interface ChoiceProps {
  account: Account;
  checked: boolean;
  result: ValidatedDestination | undefined;
  onToggle: (on: boolean) => void;
}

function AccountChoice({ account, checked, result, onToggle }: ChoiceProps) {
  const { t } = useTexts();
  const platform = look(account.platform).name;
  const state = !account.health.can_post ? "broken" : result && !result.valid ? "refused" : undefined;
  return (
    <label className={css.choice} data-checked={checked || undefined} data-state={state}>
      <Checkbox
        size="xs"
        checked={checked}
        onChange={(event) => onToggle(event.currentTarget.checked)}
        aria-label={`${account.account_name}, ${platform}${account.health.can_post ? "" : `, ${t(`health.${account.health.status}`)}`}`}
      />
      <AccountMark name={account.account_name} platform={account.platform} size={26} />
      <span className="grow">
        <span className={css.choiceName}>{account.account_name}</span>
        <span className={css.choicePlatform}>{account.health.can_post ? platform : t(`health.${account.health.status}`)}</span>
      </span>
      {checked && result && result.limit > 0 && <Counter length={result.length} limit={result.limit} />}
    </label>
  );
}

/** How much room is left: a ring, and a number when it gets tight. */
export function Counter({ length, limit }: { length: number; limit: number }) {
  const { tn, number } = useTexts();
  const share = Math.min(1, length / limit);
  const left = limit - length;
  const tone = left < 0 ? "over" : share > 0.9 ? "tight" : "fine";
  return (
    <span className={css.counter} data-tone={tone} role="img" aria-label={tn("compose.left", left, { left: number(left), limit: number(limit) })}>
      {tone !== "fine" && <span className="number">{number(left)}</span>}
      <svg width="18" height="18" viewBox="0 0 20 20" aria-hidden>
        <circle cx="10" cy="10" r="8" className={css.ringBack} />
        <circle cx="10" cy="10" r="8" className={css.ring} pathLength="100" strokeDasharray={`${share * 100} 100`} transform="rotate(-90 10 10)" />
      </svg>
    </span>
  );
}
