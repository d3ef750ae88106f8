// Files on their way.

import { Sending } from "@/pages/composer/sending";
import type { UnderWay } from "@/pages/composer/use-uploads";

export function Uploads({ underWay, onStop }: { underWay: UnderWay[]; onStop: (key: number) => void }) {
  if (underWay.length === 0) return null;
  return (
    <ul className="plain stack card pad" style={{ "--gap": "0.625rem" } as React.CSSProperties}>
      {underWay.map((one) => (
        <li key={one.key} className="row">
          <Sending file={one} onStop={onStop} />
        </li>
      ))}
    </ul>
  );
}
