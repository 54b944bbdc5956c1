import { Check, Info, X } from 'lucide-react';
import { useCardMarks } from '../../api/marks';
import type { Title } from '../../api/types';
import { closeOverlayThen, replaceWith } from '../../app/history';
import { pathOf } from '../../app/paths';
import { ListRow } from '../../components/ListRow';
import { Sheet } from '../../components/Sheet';
import { formatEpisode } from '../../format/title';
import { t } from '../../i18n/t';

/** What else can be done with a title that is under way. */
export default function CardSheet({ title }: { title: Title }) {
  const { markWatched, remove } = useCardMarks();
  const { episode } = title;
  return (
    <Sheet name="card-menu" heading={title.title} preferred="card-details">
      <ListRow
        name="card-details"
        icon={Info}
        heading={t('title.details')}
        // The sheet's own history entry becomes the page's, so Back from it lands on home.
        onClick={() => replaceWith(pathOf(title))}
      />
      <ListRow
        icon={Check}
        heading={
          episode
            ? t('card.markEpisodeWatched', { episode: formatEpisode(episode) })
            : t('title.markWatched')
        }
        onClick={() => closeOverlayThen(() => markWatched(title))}
      />
      <ListRow
        icon={X}
        heading={t('card.remove')}
        detail={t('card.removeDetail')}
        onClick={() => closeOverlayThen(() => remove(title))}
      />
    </Sheet>
  );
}
