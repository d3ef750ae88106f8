import css from "./shell.module.css";

export function Logo({ size = 30 }: { size?: number }) {
  return (
    <span className={css.logo}>
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="9" fill="#0f5c50" />
        <g fill="none" stroke="#f1c15d" strokeWidth="2.6" strokeLinecap="round">
          <path d="M9 23 17 9" />
          <path d="M9 23l13.5-7" />
          <path d="M9 23h14.5" />
        </g>
        <circle cx="9" cy="23" r="3" fill="#fff" />
      </svg>
      <span className={css.word}>Fanfare</span>
    </span>
  );
}
