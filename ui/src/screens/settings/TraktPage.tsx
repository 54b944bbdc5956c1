import { Link2, RotateCcw } from 'lucide-react';
import type { Trakt } from '../../api/types';
import { Screen } from '../../app/Screen';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { ListSkeleton } from '../../components/ListSkeleton';
import { Failure } from '../../components/Notice';
import { t } from '../../i18n/t';
import { useInitialFocus } from '../../input/screenFocus';
import { TraktActions, traktActions } from './TraktActions';
import { TraktCodePanel } from './TraktCodePanel';
import { TraktLinked } from './TraktLinked';
import css from './TraktPage.module.css';
import { useLinking, useTrakt } from './traktQueries';

/** Linking one's account with Trakt, and how that stands. */
export default function TraktPage() {
  const trakt = useTrakt();
  if (trakt.isPending) return <ListSkeleton heading={t('trakt.heading')} />;
  if (!trakt.data) {
    return (
      <Screen>
        <Failure heading={t('trakt.failed')} error={trakt.error} onRetry={() => trakt.refetch()} />
      </Screen>
    );
  }
  return (
    <Screen heading={t('trakt.heading')} lead={t('trakt.lead')} isWide>
      <TraktState key={trakt.data.state} trakt={trakt.data} onLookAgain={() => trakt.refetch()} />
    </Screen>
  );
}

/** Each state has buttons of its own, and the focus is on them. */
function TraktState({ trakt, onLookAgain }: { trakt: Trakt; onLookAgain: () => void }) {
  useInitialFocus(traktActions);
  if (trakt.state === 'unavailable') return <Unavailable onLookAgain={onLookAgain} />;
  if (trakt.state === 'linked') return <TraktLinked trakt={trakt} />;
  if (trakt.code) return <TraktCodePanel code={trakt.code} />;
  return <Unlinked error={trakt.error} />;
}

function Unavailable({ onLookAgain }: { onLookAgain: () => void }) {
  return (
    <>
      <p className={css.text}>{t('trakt.unavailable')}</p>
      <pre className={css.config}>{'[trakt]\nclient_id = "…"\nclient_secret = "…"'}</pre>
      <TraktActions>
        <Button icon={RotateCcw} label={t('retry')} onClick={onLookAgain} />
      </TraktActions>
    </>
  );
}

function Unlinked({ error }: { error: string | null }) {
  const { link } = useLinking();
  return (
    <>
      <FormError message={error} />
      <TraktActions>
        <Button
          kind="primary"
          icon={Link2}
          label={t('trakt.link')}
          isBusy={link.isPending}
          onClick={() => link.mutate()}
        />
      </TraktActions>
    </>
  );
}
