// How the post will look, on each chosen platform. A sketch, not a copy of the platform's page.

import { IconCircleCheck } from "@tabler/icons-react";

import type { Account, ValidatedDestination } from "@/api/types";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";
import { initials, PlatformMark } from "@/ui/badges";
import { Note } from "@/ui/note";

import { Counter } from "./accounts";
import { takesFirstComment, takesThread, textFor, type Attached, type Draft, type Rules } from "./draft";
import css from "./preview.module.css";
import { runs } from "./runs";

interface Props {
  draft: Draft;
  accounts: Account[];
  rules: Rules;
  resultOf: (accountId: number) => ValidatedDestination | undefined;
}

/** Where pictures come before words. */
const PICTURES_FIRST = new Set(["instagram", "tiktok", "pinterest", "youtube"]);
/** Where a post is an article with a title. */
const ARTICLES = new Set(["wordpress"]);
/** After how many letters the platform hides the rest behind a word. */
const FOLDS: Record<string, number> = { instagram: 125, facebook: 480, linkedin: 210, tiktok: 100, youtube: 160 };

export function Previews({ draft, accounts, rules, resultOf }: Props) {
  const { t } = useTexts();
  const platforms = [...new Set(accounts.map((account) => account.platform))];
  if (platforms.length === 0) {
    return <p className={css.nothing}>{t("preview.none")}</p>;
  }
  return (
    <ul className={`plain ${css.list ?? ""}`}>
      {platforms.map((platform) => {
        const own = accounts.filter((account) => account.platform === platform);
        return (
          <li key={platform}>
            <Preview platform={platform} draft={draft} accounts={own} rules={rules} results={own.map((account) => resultOf(account.account_id))} />
          </li>
        );
      })}
    </ul>
  );
}

interface PreviewProps {
  platform: string;
  draft: Draft;
  accounts: Account[];
  rules: Rules;
  results: (ValidatedDestination | undefined)[];
}

function Preview({ platform, draft, accounts, rules, results }: PreviewProps) {
  const { t } = useTexts();
  const { name } = look(platform);
  const known = results.filter((result) => result !== undefined);
  const first = known[0];
  const errors = [...new Map(known.flatMap((result) => result.errors).map((error) => [error.message, error])).values()];
  const warnings = [...new Set(known.flatMap((result) => [...result.warnings, ...result.media.map((item) => item.note).filter((note) => note !== null)]))];
  const settings = draft.own[platform]?.settings ?? {};
  const comment = typeof settings.firstComment === "string" && settings.firstComment ? settings.firstComment : takesFirstComment(rules, platform) ? draft.firstComment : "";
  const parts = takesThread(rules, platform) ? draft.parts.filter((part) => part.trim()) : [];
  const account = accounts[0]?.account_name ?? name;
  const title = typeof settings.title === "string" ? settings.title : "";
  const text = textFor(draft, platform);
  const body = (
    <>
      {title && <p className={ARTICLES.has(platform) ? css.headline : css.smallTitle}>{title}</p>}
      <Text text={text} fold={FOLDS[platform]} />
    </>
  );
  return (
    <article className={css.card} data-refused={errors.length > 0 || undefined} aria-label={t("preview.of", { platform: name })}>
      <header className={css.head}>
        <PlatformMark platform={platform} size={22} named />
        <span className="strong grow">{name}</span>
        {first && first.limit > 0 && <Counter length={first.length} limit={first.limit} />}
        {first && errors.length === 0 && <IconCircleCheck size={18} className={css.ok} role="img" aria-label={t("preview.ok")} />}
      </header>
      <div className={css.body} data-layout={PICTURES_FIRST.has(platform) ? "pictures" : "words"}>
        <div className={css.author}>
          <span className={css.face} aria-hidden>
            {initials(account)}
          </span>
          <span className="cut strong">{account}</span>
          {accounts.length > 1 && <span className="dim small">+{accounts.length - 1}</span>}
        </div>
        <Pictures media={draft.media} />
        <div className={css.words}>{body}</div>
      </div>
      {parts.map((part, index) => (
        <div key={index} className={css.reply}>
          <Text text={part} fold={undefined} />
        </div>
      ))}
      {comment && (
        <div className={css.reply}>
          <span className="dim small">{t("field.firstComment")}</span>
          <Text text={comment} fold={undefined} />
        </div>
      )}
      {errors.length > 0 && (
        <div className={css.note}>
          <Note tone="bad">
          <ul className="plain">
            {errors.map((error) => (
              <li key={error.message}>{error.message}</li>
            ))}
          </ul>
          </Note>
        </div>
      )}
      {warnings.length > 0 && (
        <ul className={`plain ${css.warnings ?? ""}`}>
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </article>
  );
}

function Text({ text, fold }: { text: string; fold: number | undefined }) {
  const { t } = useTexts();
  if (!text.trim()) return <p className={css.noText}>{t("preview.noText")}</p>;
  const letters = [...text];
  const isFolded = fold !== undefined && letters.length > fold;
  return (
    <p className={css.text}>
      {runs(isFolded ? letters.slice(0, fold).join("") : text).map((run, index) =>
        run.marked ? (
          <span key={index} className={css.marked}>
            {run.text}
          </span>
        ) : (
          run.text
        ),
      )}
      {isFolded && <span className="dim">… {t("preview.more")}</span>}
    </p>
  );
}

function Pictures({ media }: { media: Attached[] }) {
  if (media.length === 0) return null;
  const shown = media.slice(0, 4);
  return (
    <div className={css.pictures} data-count={shown.length}>
      {shown.map((item) => (
        <span key={item.id} className={css.picture}>
          {item.url && item.type === "image" ? <img src={item.url} alt={item.alt} /> : item.url && item.type === "video" ? <video src={item.url} muted preload="metadata" /> : <span className="small dim">PDF</span>}
        </span>
      ))}
      {media.length > shown.length && <span className={css.rest}>+{media.length - shown.length}</span>}
    </div>
  );
}
