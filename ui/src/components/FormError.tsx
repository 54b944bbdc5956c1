import { CircleAlert } from 'lucide-react';
import css from './FormError.module.css';

/** What went wrong with a form, in plain words; read out when it appears. */
export function FormError({ message }: { message: string | null }) {
  return (
    <div role="alert">
      {message && (
        <p className={css.error}>
          <CircleAlert aria-hidden className={css.icon} />
          {message}
        </p>
      )}
    </div>
  );
}
