// The addresses of the dashboard. Each page is loaded when somebody goes there.

import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { fetchSession, sessionKey } from "./api/session";
import type { PostStatus } from "./api/types";
import { Broken, MissingPage } from "./shell/problems";
import { RootFrame } from "./shell/root";
import { SignedIn } from "./shell/signed-in";
import { LoadingPage } from "./shell/loading-page";

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: RootFrame,
  notFoundComponent: MissingPage,
});

const session = (context: Context) => context.queries.query({ queryKey: sessionKey, queryFn: fetchSession, staleTime: "static" });

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: SignedIn,
  beforeLoad: async ({ context, location }) => {
    const state = await session(context);
    if (state.setup_needed) throw redirect({ to: "/setup" });
    if (!state.signed_in) throw redirect({ to: "/sign-in", search: location.pathname === "/" ? {} : { then: location.href } });
  },
});

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const whole = (value: unknown) => (Number.isSafeInteger(Number(value)) && value !== "" && value != null ? Number(value) : undefined);

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> | undefined };

/** Leaves out what is not there, so that addresses stay short. */
function given<T extends Record<string, unknown>>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search) => given({ then: text(search.then), token: text(search.token), problem: text(search.problem) }),
  component: lazyRouteComponent(() => import("./pages/sign/sign-in"), "SignInPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: (search) => given({ token: text(search.token) }),
  beforeLoad: async ({ context }) => {
    const state = await session(context);
    if (!state.setup_needed) throw redirect({ to: state.signed_in ? "/posts" : "/sign-in" });
  },
  component: lazyRouteComponent(() => import("./pages/sign/setup"), "SetupPage"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  validateSearch: (search) => given({ token: text(search.token) }),
  component: lazyRouteComponent(() => import("./pages/sign/invitation"), "InvitationPage"),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/posts" });
  },
});

const welcome = createRoute({
  getParentRoute: () => signedIn,
  path: "/welcome",
  component: lazyRouteComponent(() => import("./pages/welcome"), "WelcomePage"),
});

const posts = createRoute({
  getParentRoute: () => signedIn,
  path: "/posts",
  validateSearch: (search) =>
    given({
      search: text(search.search),
      status: text(search.status) as PostStatus | undefined,
      platform: text(search.platform),
      account: whole(search.account),
      campaign: whole(search.campaign),
      approval: search.approval === "requested" ? ("requested" as const) : undefined,
      sort: text(search.sort),
      offset: whole(search.offset),
    }),
  component: lazyRouteComponent(() => import("./pages/posts/list"), "PostsPage"),
});

const importing = createRoute({
  getParentRoute: () => signedIn,
  path: "/import",
  component: lazyRouteComponent(() => import("./pages/import"), "ImportPage"),
});

const post = createRoute({
  getParentRoute: () => signedIn,
  path: "/posts/$postId",
  component: lazyRouteComponent(() => import("./pages/posts/detail"), "PostPage"),
});

const compose = createRoute({
  getParentRoute: () => signedIn,
  path: "/compose",
  validateSearch: (search) => given({ edit: text(search.edit), copy: text(search.copy), at: text(search.at), campaign: whole(search.campaign), media: text(search.media) }),
  component: lazyRouteComponent(() => import("./pages/composer"), "ComposerPage"),
});

const calendar = createRoute({
  getParentRoute: () => signedIn,
  path: "/calendar",
  validateSearch: (search) => given({ platform: text(search.platform), campaign: whole(search.campaign), status: text(search.status), zone: text(search.zone), view: text(search.view) }),
  component: lazyRouteComponent(() => import("./pages/calendar"), "CalendarPage"),
});

const accounts = createRoute({
  getParentRoute: () => signedIn,
  path: "/accounts",
  validateSearch: (search) => given({ connect: text(search.connect) }),
  component: lazyRouteComponent(() => import("./pages/accounts"), "AccountsPage"),
});

const library = createRoute({
  getParentRoute: () => signedIn,
  path: "/library",
  validateSearch: (search) => given({ type: text(search.type), offset: whole(search.offset) }),
  component: lazyRouteComponent(() => import("./pages/library"), "LibraryPage"),
});

const campaigns = createRoute({
  getParentRoute: () => signedIn,
  path: "/campaigns",
  component: lazyRouteComponent(() => import("./pages/campaigns"), "CampaignsPage"),
});

const analytics = createRoute({
  getParentRoute: () => signedIn,
  path: "/analytics",
  validateSearch: (search) =>
    given({
      period: text(search.period),
      from: text(search.from),
      to: text(search.to),
      platform: text(search.platform),
      account: whole(search.account),
      campaign: whole(search.campaign),
      metric: text(search.metric),
    }),
  component: lazyRouteComponent(() => import("./pages/analytics"), "AnalyticsPage"),
});

const developers = createRoute({
  getParentRoute: () => signedIn,
  path: "/developers",
  validateSearch: (search) => given({ tab: text(search.tab), webhook: text(search.webhook) }),
  component: lazyRouteComponent(() => import("./pages/developers"), "DevelopersPage"),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings",
  validateSearch: (search) => given({ tab: text(search.tab), link: text(search.link) }),
  component: lazyRouteComponent(() => import("./pages/settings"), "SettingsPage"),
});

const tree = root.addChildren([
  signIn,
  setup,
  invitation,
  signedIn.addChildren([home, welcome, posts, importing, post, compose, calendar, accounts, library, campaigns, analytics, developers, settings]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultErrorComponent: Broken,
    defaultPendingComponent: LoadingPage,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
