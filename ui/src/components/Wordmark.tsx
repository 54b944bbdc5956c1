import css from './Wordmark.module.css';

/** The name, with ears: the coral dot is where the afterglow comes from. */
export function Wordmark({ size }: { size: string }) {
  return (
    <span className={css.wordmark} style={{ fontSize: size }}>
      <svg className={css.mark} viewBox="0 0 52 38" aria-hidden>
        <path d="M0 36V2l12 9h28l12-9v34a2 2 0 0 1-2 2H2a2 2 0 0 1-2-2z" fill="currentColor" />
        <path
          d="M21 17.5v13a1.5 1.5 0 0 0 2.3 1.3l9.6-6.5a1.5 1.5 0 0 0 0-2.6l-9.6-6.5a1.5 1.5 0 0 0-2.3 1.3z"
          fill="#0b0d12"
        />
      </svg>
      miauflix
    </span>
  );
}
