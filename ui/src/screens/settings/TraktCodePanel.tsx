import { ExternalLink, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { TraktCode } from '../../api/types';
import { Button } from '../../components/Button';
import { ButtonLink } from '../../components/ButtonLink';
import { formatPosition } from '../../format/time';
import { t } from '../../i18n/t';
import { useLayout } from '../../layout/layout';
import { QrCode } from './QrCode';
import { TraktActions } from './TraktActions';
import css from './TraktPage.module.css';
import { useLinking } from './traktQueries';

/** The code to type at Trakt, as long as it holds. */
export function TraktCodePanel({ code }: { code: TraktCode }) {
  const layout = useLayout();
  const { unlink } = useLinking();
  const leftMs = useTimeLeft(code.expires_at);
  // Trakt takes the code at the end of the address, too.
  const address = `${code.verification_url}/${code.user_code}`;
  return (
    <div className={css.linking}>
      <div className={css.steps}>
        <p className={css.step}>{t('trakt.open')}</p>
        <p className={css.address}>{code.verification_url.replace(/^https?:\/\//, '')}</p>
        <p className={css.step}>{t('trakt.type')}</p>
        <p className={css.code}>{code.user_code}</p>
        <p className={css.left} role="timer">
          {leftMs > 0 ? t('trakt.codeLeft', { time: formatPosition(leftMs) }) : t('trakt.codeOver')}
        </p>
        <TraktActions>
          {layout !== 'tv' && (
            <ButtonLink icon={ExternalLink} label={t('trakt.openHere')} href={address} />
          )}
          <Button
            icon={X}
            label={t('trakt.cancel')}
            isBusy={unlink.isPending}
            onClick={() => unlink.mutate()}
          />
        </TraktActions>
      </div>
      {layout !== 'phone' && (
        <figure className={css.scan}>
          <QrCode text={address} />
          <figcaption className={css.scanText}>{t('trakt.qr')}</figcaption>
        </figure>
      )}
    </div>
  );
}

function useTimeLeft(until: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  return until - now;
}
