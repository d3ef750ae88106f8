// Starts the dashboard.

import "@mantine/core/styles.css";
import "./styles/base.css";

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { whenSignedOut } from "./api/client";
import { mayPass } from "./api/problem";
import { sessionKey } from "./api/session";
import { LanguageProvider } from "./i18n";
import { makeRouter } from "./router";
import { adoptTheme } from "./theme/adopt";
import { theme } from "./theme/theme";
import { ToastProvider } from "./ui/toasts";

adoptTheme();

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && mayPass(error),
    },
  },
});
whenSignedOut(() => void queries.invalidateQueries({ queryKey: sessionKey, exact: true }));

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={queries}>
          <LanguageProvider>
            <ToastProvider>
              <RouterProvider router={makeRouter(queries)} />
            </ToastProvider>
          </LanguageProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
