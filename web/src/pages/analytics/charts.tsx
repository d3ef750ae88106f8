// The drawings. A table below says the same for those who cannot see them.

import { Bar, BarChart, CartesianGrid, Cell, Legend, Pie, PieChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import type { AnalyticsSummary } from "@/api/types";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";

import css from "./analytics.module.css";

const HEIGHT = 240;
const LOOK = {
  contentStyle: { background: "var(--card)", border: "1px solid var(--line)", borderRadius: 8, color: "var(--mantine-color-text)" },
  itemStyle: { color: "var(--mantine-color-text)" },
};
const OUTCOMES = [
  ["published", "var(--good)"],
  ["scheduled", "var(--plan)"],
  ["publishing", "var(--brass)"],
  ["partially_failed", "var(--wait)"],
  ["failed", "var(--bad)"],
  ["draft", "var(--mantine-color-dimmed)"],
] as const;

export function Outcomes({ counts }: { counts: AnalyticsSummary["posts"] }) {
  const { t, number } = useTexts();
  const parts = OUTCOMES.map(([status, color]) => ({ status, color, name: t(`status.${status}`), count: counts[status] })).filter((part) => part.count > 0);
  return (
    <div className={css.outcomes}>
      <div className={css.ring} aria-hidden>
        <ResponsiveContainer width="100%" height={HEIGHT}>
          <PieChart>
            <Pie data={parts} dataKey="count" nameKey="name" innerRadius={62} outerRadius={96} paddingAngle={2} stroke="var(--card)" isAnimationActive={false}>
              {parts.map((part) => (
                <Cell key={part.status} fill={part.color} />
              ))}
            </Pie>
            <Tooltip {...LOOK} />
          </PieChart>
        </ResponsiveContainer>
      </div>
      <ul className={`plain ${css.legend ?? ""}`}>
        {parts.map((part) => (
          <li key={part.status}>
            <span className={css.key} style={{ background: part.color }} aria-hidden />
            <span className="grow">{part.name}</span>
            <span className="number strong">{number(part.count)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function PlatformBars({ counts }: { counts: AnalyticsSummary["by_platform"] }) {
  const { t } = useTexts();
  const rows = counts.map((one) => ({ ...one, name: look(one.platform).name }));
  return (
    <div aria-hidden>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <BarChart data={rows} margin={{ top: 4, right: 4, bottom: 0, left: -24 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="name" tick={{ fill: "var(--mantine-color-dimmed)", fontSize: 12 }} tickLine={false} axisLine={{ stroke: "var(--line)" }} />
          <YAxis allowDecimals={false} tick={{ fill: "var(--mantine-color-dimmed)", fontSize: 12 }} tickLine={false} axisLine={false} />
          <Tooltip cursor={{ fill: "var(--raised)" }} {...LOOK} />
          <Legend iconType="circle" iconSize={8} formatter={(value: string) => <span className={css.legendText}>{value}</span>} />
          <Bar dataKey="published" name={t("status.published")} stackId="one" fill="var(--good)" maxBarSize={44} isAnimationActive={false} />
          <Bar dataKey="scheduled" name={t("status.scheduled")} stackId="one" fill="var(--plan)" maxBarSize={44} isAnimationActive={false} />
          <Bar dataKey="failed" name={t("status.failed")} stackId="one" fill="var(--bad)" maxBarSize={44} radius={[4, 4, 0, 0]} isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
