// The drawings. A table below says the same for those who cannot see them.

import { Area, AreaChart, Bar, BarChart, CartesianGrid, Pie, PieChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import type { AnalyticsSummary } from "@/api/types";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";

import css from "./analytics.module.css";

const HEIGHT = 240;
/** The height of a platform's bar with its surroundings, and that of the axis below. */
const ROW = 28;
const AXIS = 40;
const LOOK = {
  contentStyle: { background: "var(--card)", border: "1px solid var(--line)", borderRadius: 8, color: "var(--mantine-color-text)" },
  itemStyle: { color: "var(--mantine-color-text)" },
};
const OUTCOMES = [
  ["published", "var(--chart-good)"],
  ["scheduled", "var(--chart-plan)"],
  ["publishing", "var(--brass)"],
  ["partially_failed", "var(--chart-wait)"],
  ["failed", "var(--chart-bad)"],
  ["draft", "var(--chart-mute)"],
] as const;

export function Outcomes({ counts }: { counts: AnalyticsSummary["posts"] }) {
  const { t, number } = useTexts();
  const parts = OUTCOMES.map(([status, fill]) => ({ status, fill, name: t(`status.${status}`), count: counts[status] })).filter((part) => part.count > 0);
  return (
    <div className={css.outcomes}>
      <div className={css.ring} aria-hidden>
        <ResponsiveContainer width="100%" height={HEIGHT}>
          <PieChart accessibilityLayer={false}>
            <Pie data={parts} dataKey="count" nameKey="name" innerRadius={62} outerRadius={96} paddingAngle={2} stroke="var(--card)" isAnimationActive={false} rootTabIndex={-1} />
            <Tooltip {...LOOK} />
          </PieChart>
        </ResponsiveContainer>
      </div>
      <ul className={`plain ${css.legend ?? ""}`}>
        {parts.map((part) => (
          <li key={part.status}>
            <span className={css.key} style={{ background: part.fill }} aria-hidden />
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
  const tick = { fill: "var(--mantine-color-dimmed)", fontSize: 12 };
  return (
    <div aria-hidden>
      <ResponsiveContainer width="100%" height={Math.max(HEIGHT, rows.length * ROW + AXIS)}>
        <BarChart data={rows} layout="vertical" margin={{ top: 0, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid horizontal={false} stroke="var(--line)" />
          <XAxis type="number" allowDecimals={false} tick={tick} tickLine={false} axisLine={false} />
          <YAxis type="category" dataKey="name" width={82} interval={0} tick={tick} tickLine={false} axisLine={false} />
          <Tooltip cursor={{ fill: "var(--raised)" }} {...LOOK} />
          <Bar dataKey="published" name={t("status.published")} stackId="one" fill="var(--chart-good)" maxBarSize={18} isAnimationActive={false} />
          <Bar dataKey="scheduled" name={t("status.scheduled")} stackId="one" fill="var(--chart-plan)" maxBarSize={18} isAnimationActive={false} />
          <Bar dataKey="failed" name={t("status.failed")} stackId="one" fill="var(--chart-bad)" maxBarSize={18} isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

export interface StepNumbers {
  /** The first day of the step. */
  date: string;
  published: number;
  failed: number;
  /** The chosen metric. */
  value: number;
}

/** The metric above, and below it on the same axis of time what went live and what failed. */
export function OverTime({ steps, metric, labelOf }: { steps: StepNumbers[]; metric: string; labelOf: (date: string) => string }) {
  const { t, number } = useTexts();
  const tick = { fill: "var(--mantine-color-dimmed)", fontSize: 12 };
  const margin = { top: 8, right: 12, bottom: 0, left: 0 };
  const short = (value: number) => number(value, { notation: "compact" });
  const title = (date: unknown) => labelOf(String(date));
  return (
    <div aria-hidden>
      <p className={css.caption}>
        <span className={css.key} style={{ background: "var(--chart-plan)" }} /> {metric}
      </p>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <AreaChart data={steps} margin={margin} syncId="time" accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="date" tickFormatter={title} tick={tick} tickLine={false} axisLine={false} minTickGap={28} />
          <YAxis allowDecimals={false} width={46} tickFormatter={short} tick={tick} tickLine={false} axisLine={false} />
          <Tooltip labelFormatter={title} {...LOOK} />
          <Area
            dataKey="value"
            name={metric}
            type="linear"
            stroke="var(--chart-plan)"
            strokeWidth={2}
            fill="var(--chart-plan)"
            fillOpacity={0.14}
            dot={steps.length === 1}
            isAnimationActive={false}
          />
        </AreaChart>
      </ResponsiveContainer>
      <p className={css.caption}>
        <span className={css.key} style={{ background: "var(--chart-good)" }} /> {t("status.published")}
        <span className={css.key} style={{ background: "var(--chart-bad)" }} /> {t("status.failed")}
      </p>
      <ResponsiveContainer width="100%" height={HEIGHT / 2}>
        <BarChart data={steps} margin={margin} syncId="time" accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="date" tickFormatter={title} tick={tick} tickLine={false} axisLine={false} minTickGap={28} />
          <YAxis allowDecimals={false} width={46} tickFormatter={short} tick={tick} tickLine={false} axisLine={false} />
          <Tooltip labelFormatter={title} cursor={{ fill: "var(--raised)" }} {...LOOK} />
          <Bar dataKey="published" name={t("status.published")} stackId="one" fill="var(--chart-good)" maxBarSize={22} isAnimationActive={false} />
          <Bar dataKey="failed" name={t("status.failed")} stackId="one" fill="var(--chart-bad)" maxBarSize={22} isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
