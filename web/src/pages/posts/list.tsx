// All posts: searched, filtered, page by page.

import { Button } from "@mantine/core";
import { IconDownload, IconFilterOff, IconPencilPlus, IconPlugConnected, IconUpload } from "@tabler/icons-react";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";

import { useAccounts } from "@/api/calls/accounts";
import { usePosts, type PostFilter } from "@/api/calls/posts";
import { useMay } from "@/api/session";
import { useTexts } from "@/i18n";
import { Page } from "@/ui/page";
import { Pager } from "@/ui/pager";
import { Await, Empty } from "@/ui/states";
import { ButtonLink } from "@/ui/links";

import { Filters, type Search } from "./filters";
import { PostRow } from "./row";

const LIMIT = 20;
const SORTS = ["created_at", "scheduled_for", "published_at", "updated_at"] as const;

function filterOf(search: Search): PostFilter {
  const sort = SORTS.find((one) => one === search.sort);
  return {
    limit: LIMIT,
    offset: search.offset ?? 0,
    ...(search.search ? { search: search.search } : {}),
    ...(search.status ? { status: search.status } : {}),
    ...(search.platform ? { platform: search.platform } : {}),
    ...(search.account ? { account_id: search.account } : {}),
    ...(search.campaign ? { campaign_id: search.campaign } : {}),
    ...(search.approval ? { approval: search.approval } : {}),
    ...(sort ? { sort, order: sort === "scheduled_for" ? "asc" : "desc" } : {}),
  };
}

export function PostsPage() {
  const { t } = useTexts();
  const search: Search = useSearch({ from: "/signed-in/posts" });
  const navigate = useNavigate({ from: "/posts" });
  const posts = usePosts(filterOf(search));
  const isFiltered = Boolean(search.search ?? search.status ?? search.platform ?? search.account ?? search.campaign ?? search.approval);
  const router = useRouter();
  // What was typed arrives a little later: whoever has left by then is not brought back.
  const change = (next: Search) => {
    if (router.latestLocation.pathname === "/posts") void navigate({ search: next, replace: true });
  };

  return (
    <Page title={t("posts.title")} actions={<InAndOut search={search} />}>
      <Filters search={search} onChange={change} />
      <Await query={posts}>
        {({ posts: shown, pagination }) =>
          shown.length === 0 ? (
            <div className="card">{isFiltered ? <NoMatch clear={() => change({})} /> : <NoPosts />}</div>
          ) : (
            <div className="stack" aria-busy={posts.isPlaceholderData}>
              <ul className="plain stack" style={{ "--gap": "0.5rem" } as React.CSSProperties} aria-label={t("posts.title")}>
                {shown.map((post) => (
                  <PostRow key={post.post_id} post={post} />
                ))}
              </ul>
              <Pager
                offset={pagination.offset}
                limit={pagination.limit}
                total={pagination.total}
                onMove={(offset) => {
                  change({ ...search, offset: offset === 0 ? undefined : offset });
                  window.scrollTo({ top: 0 });
                }}
              />
            </div>
          )
        }
      </Await>
    </Page>
  );
}

function NoPosts() {
  const { t } = useTexts();
  const { data: accounts } = useAccounts();
  if (accounts?.length === 0) {
    return (
      <Empty icon={IconPlugConnected} title={t("accounts.empty")} action={<ButtonLink to="/welcome">{t("welcome.begin")}</ButtonLink>}>
        {t("compose.noAccounts.do")}
      </Empty>
    );
  }
  return (
    <Empty
      icon={IconPencilPlus}
      title={t("posts.empty")}
      action={
        <ButtonLink to="/compose">
          {t("posts.new")}
        </ButtonLink>
      }
    >
      {t("posts.empty.do")}
    </Empty>
  );
}

function NoMatch({ clear }: { clear: () => void }) {
  const { t } = useTexts();
  return (
    <Empty
      icon={IconFilterOff}
      title={t("posts.none")}
      action={
        <Button variant="default" onClick={clear}>
          {t("posts.filters.clear")}
        </Button>
      }
    >
      {t("posts.none.do")}
    </Empty>
  );
}

/** Bringing posts in, and giving out those that the filters leave. */
function InAndOut({ search }: { search: Search }) {
  const { t } = useTexts();
  const { write } = useMay();
  const filters = Object.entries(filterOf(search)).filter(([name]) => name !== "limit" && name !== "offset");
  const query = new URLSearchParams([["format", "csv"], ...filters.map(([name, value]) => [name, String(value)])]);
  return (
    <>
      {write && (
        <ButtonLink to="/import" variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
          {t("import.open")}
        </ButtonLink>
      )}
      <Button component="a" href={`/v1/posts/export?${query.toString()}`} download="posts.csv" variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
        {t("import.export")}
      </Button>
    </>
  );
}
