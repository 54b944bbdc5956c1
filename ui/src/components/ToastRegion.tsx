import css from './ToastRegion.module.css';
import { useToast } from './toast';

export function ToastRegion() {
  const message = useToast();
  return (
    <div role="status" className={css.region}>
      {message && <p className={css.toast}>{message}</p>}
    </div>
  );
}
