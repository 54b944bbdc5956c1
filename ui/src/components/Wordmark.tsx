import css from './Wordmark.module.css';

/** The name, with ears: the coral dot is where the afterglow comes from. */
export function Wordmark({ size }: { size: string }) {
  return (
    <span className={css.wordmark} style={{ fontSize: size }}>
      <svg className={css.mark} viewBox="0 0 52 38" aria-hidden>
        <path d="M0 36V2l12 9h28l12-9v34a2 2 0 0 1-2 2H2a2 2 0 0 1-2-2z" fill="currentColor" />
        <path
          d="M21 17.500v13a1.500 1.500 0 0 0 2.300 1.300l9.600-6.500a1.500 1.500 0 0 0 0-2.600l-9.600-6.500a1.500 1.500 0 0 0-2.300 1.300z"
          fill="#0b0d12"
        />
      </svg>
      miauflix
    </span>
  );
}
