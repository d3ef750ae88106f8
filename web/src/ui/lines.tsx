// Lines over time. Loaded when somebody looks at one; a table says the same to those who cannot see it.

import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

export interface Series {
  key: string;
  name: string;
}

export interface LinesProps {
  series: Series[];
  /** Each has `x` and a number for each series that was read there. */
  points: ({ x: number } & Record<string, number>)[];
  labelOf: (x: number) => string;
  height?: number;
}

const COLORS = ["var(--chart-plan)", "var(--chart-good)", "var(--chart-wait)", "var(--chart-bad)", "var(--brass)", "var(--chart-mute)"];
const DASHES = ["", "6 3", "2 3"];
const TICK = { fill: "var(--mantine-color-dimmed)", fontSize: 12 };

export default function Lines({ series, points, labelOf, height = 220 }: LinesProps) {
  return (
    <div aria-hidden>
      <ResponsiveContainer width="100%" height={height}>
        <LineChart data={points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="x" type="number" scale="time" domain={["dataMin", "dataMax"]} tickFormatter={labelOf} tick={TICK} tickLine={false} axisLine={false} minTickGap={24} />
          <YAxis allowDecimals={false} width={46} tick={TICK} tickLine={false} axisLine={false} domain={["auto", "auto"]} />
          <Tooltip
            labelFormatter={(x) => labelOf(Number(x))}
            contentStyle={{ background: "var(--card)", border: "1px solid var(--line)", borderRadius: 8, color: "var(--mantine-color-text)" }}
            itemStyle={{ color: "var(--mantine-color-text)" }}
          />
          {series.map(({ key, name }, at) => (
            <Line
              key={key}
              dataKey={key}
              name={name}
              stroke={COLORS[at % COLORS.length] ?? "var(--chart-plan)"}
              strokeDasharray={DASHES[Math.floor(at / COLORS.length) % DASHES.length] ?? ""}
              strokeWidth={2}
              dot={{ r: 3 }}
              connectNulls
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
