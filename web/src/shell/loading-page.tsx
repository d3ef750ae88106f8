import { Loading } from "@/ui/states";

/** While a page's code or the session is loaded. */
export function LoadingPage() {
  return <Loading />;
}
