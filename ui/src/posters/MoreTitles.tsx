import { RotateCcw } from 'lucide-react';
import { explain } from '../api/explain';
import { Button } from '../components/Button';
import { t } from '../i18n/t';
import css from './MoreTitles.module.css';

interface MoreTitlesProps {
  pages: {
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => void;
  };
}

/** What stands under a grid whose next page is on its way, or did not come. */
export function MoreTitles({ pages }: MoreTitlesProps) {
  if (pages.isFetchNextPageError) {
    return (
      <div className={css.failure} role="status">
        <p className={css.cause}>{explain(pages.error)}</p>
        <Button icon={RotateCcw} label={t('retry')} onClick={() => pages.fetchNextPage()} />
      </div>
    );
  }
  if (!pages.isFetchingNextPage) return null;
  return (
    <p className={css.cause} role="status">
      {t('loading')}
    </p>
  );
}
